//! What etcd writes, and ZooKeeper of its disk: see [`recognise`](super::cluster_event::recognise).

use super::cluster_event::{Answer, Found, field, last_word, millis, of};
use crate::trace::scan::{Scan, has};
use crate::trace::stamp::go_duration;

/// The lines of raft in etcd, which end in ` at term 3`.
pub fn term<'a>(line: &'a [u8], end: usize, _: Scan<'a>) -> Answer<'a> {
    let (before, last) = last_word(&line[..end]);
    if let Some(before) = before.strip_suffix(b" became") {
        let event = match last {
            b"candidate" => "candidate",
            b"leader" => "leader",
            b"follower" => "follower",
            _ => return Ok(None),
        };
        let node = own_name(before);
        return Ok(Some(Found {
            by: node,
            ..of(event, node)
        }));
    }
    if let Some(before) = line[..end].strip_suffix(b" is starting a new election") {
        let node = own_name(before);
        return Ok(Some(Found {
            by: node,
            ..of("election", node)
        }));
    }
    let mut scan = Scan::new(&line[..end]);
    if !scan.past(b"raft.node: ") {
        return Ok(None);
    }
    let by = scan.word();
    let event = if scan.tag(b" lost leader ") {
        "no leader"
    } else if scan.tag(b" elected leader ")
        || scan.tag(b" changed leader from ") && scan.past(b" to ")
    {
        "leader"
    } else {
        return Ok(None);
    };
    Ok(Some(Found {
        by,
        ..of(event, scan.word())
    }))
}

/// The last word, without the `"` of JSON before it.
fn own_name(before: &[u8]) -> &[u8] {
    let (_, name) = last_word(before);
    match memchr::memrchr(b'"', name) {
        Some(quote) => &name[quote + 1..],
        None => name,
    }
}

pub fn heartbeat<'a>(line: &'a [u8], _: usize, mut after: Scan<'a>) -> Answer<'a> {
    let (length, node) = if after.tag(b" (exceeded the ") {
        let length = after
            .past(b" timeout for ")
            .then(|| go_duration(&mut after));
        let node = if after.tag(b", to ") {
            after.until(b')').unwrap_or(b"")
        } else {
            b""
        };
        (length.flatten(), node)
    } else {
        let length = field(line, b"\"exceeded-duration\":\"");
        let node = field(line, b"\"to\":\"").and_then(|mut scan| scan.until(b'"'));
        (
            length.and_then(|mut scan| go_duration(&mut scan)),
            node.unwrap_or(b""),
        )
    };
    if length.is_none() {
        return Err(after.fault("a late heartbeat without its duration"));
    }
    Ok(Some(Found {
        length,
        ..of("late heartbeat", node)
    }))
}

pub fn slow_apply<'a>(line: &'a [u8], place: usize, mut after: Scan<'a>) -> Answer<'a> {
    let length = if line.first() == Some(&b'{') {
        if !line[..place].ends_with(b"\"msg\":\"apply request ") {
            return Ok(None);
        }
        field(line, b"\"took\":\"").and_then(|mut scan| go_duration(&mut scan))
    } else if has(&line[..place], b"request ") || line[..place].ends_with(b"apply entries ") {
        let figure = after.tag(b" (") || after.tag(b" [");
        figure.then(|| go_duration(&mut after)).flatten()
    } else {
        return Ok(None);
    };
    if length.is_none() {
        return Err(after.fault("a slow request without its duration"));
    }
    Ok(Some(Found {
        length,
        ..of("slow apply", b"")
    }))
}

pub fn slow_disk<'a>(line: &'a [u8], _: usize, after: Scan<'a>) -> Answer<'a> {
    let length = if has(line, b"slow fdatasync") {
        field(line, b"\"took\":\"").and_then(|mut scan| go_duration(&mut scan))
    } else if let Some(mut scan) = field(line, b"sync duration of ") {
        go_duration(&mut scan)
    } else if let Some(mut scan) = field(line, b"fsync-ing the write ahead log in ") {
        return match scan.past(b" took ") {
            true => millis("slow disk", scan, b"ms"),
            false => Err(scan.fault("no duration")),
        };
    } else {
        return Ok(None);
    };
    if length.is_none() {
        return Err(after.fault("a slow write without its duration"));
    }
    Ok(Some(Found {
        length,
        ..of("slow disk", b"")
    }))
}
