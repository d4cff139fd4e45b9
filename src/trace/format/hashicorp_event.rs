//! What serf and the raft of Consul write: see [`recognise`](super::cluster_event::recognise).

use super::cluster_event::{Answer, Found, named, of};
use crate::trace::scan::{Scan, has};
use crate::trace::stamp::go_duration;

/// `Failed: name 10.0.0.1`, `Leave (forced): name 10.0.0.1`
pub fn serf<'a>(_: &'a [u8], _: usize, mut after: Scan<'a>) -> Answer<'a> {
    let Some(kind) = after.until(b':') else {
        return Err(after.fault("an event without its end"));
    };
    let event = match kind {
        b"Failed" => "down",
        b"Join" => "up",
        kind if kind.starts_with(b"Leave") => "leave",
        _ => return Ok(None),
    };
    let node = after.blanks().word();
    named(event, node, after, b" ")
}

pub fn election<'a>(line: &'a [u8], _: usize, _: Scan<'a>) -> Answer<'a> {
    if has(line, b" timeout") && has(line, b" reached, ") && has(line, b"starting election") {
        return Ok(Some(of("election", b"")));
    }
    let won = has(line, b"raft: Election won") || has(line, b"election won: ");
    Ok(won.then(|| of("leader", b"")))
}

/// `Node at 10.0.0.1:8300 [Candidate] entering Candidate state`, or with the name after it
pub fn state<'a>(line: &'a [u8], _: usize, mut after: Scan<'a>) -> Answer<'a> {
    let event = match after.word() {
        b"Candidate" | b"candidate" => "candidate",
        b"Follower" | b"follower" => "follower",
        _ => return Ok(None),
    };
    if !after.rest().starts_with(b" state") {
        return Ok(None);
    }
    let mut scan = Scan::new(line);
    let node = if scan.past(b"Node at ") {
        scan.word()
    } else {
        b""
    };
    Ok(Some(Found {
        by: node,
        ..of(event, node)
    }))
}

/// `10.0.0.1:8300 in 515.9ms`, `quorum of nodes, stepping down`
pub fn contact<'a>(line: &'a [u8], _: usize, mut after: Scan<'a>) -> Answer<'a> {
    if !has(line, b"raft: ") {
        return Ok(None);
    }
    if after.tag(b"quorum of nodes") {
        return Ok(Some(of("no leader", b"")));
    }
    let node = after.word();
    if !after.tag(b" in ") {
        return Ok(None);
    }
    let length = go_duration(&mut after);
    if length.is_none() {
        return Err(after.fault("no duration"));
    }
    Ok(Some(Found {
        length,
        ..of("suspect", node)
    }))
}
