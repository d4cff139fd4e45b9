//! A log of HdrHistogram around any bytes, so that they reach its counts and are not stopped by base64 and checksums.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// A line with a payload for each part of the bytes, which `0xff, 0xff` separates; tags differ by the first byte.
pub fn log_of(mut data: &[u8]) -> Vec<u8> {
    let mut log = Vec::new();
    while let Some((tag, rest)) = data.split_first() {
        let end = rest.windows(2).position(|pair| pair == [0xff, 0xff]);
        let payload = &rest[..end.unwrap_or(rest.len())];
        line(&mut log, *tag, payload);
        data = end.map_or(&[], |end| &rest[end + 2..]);
    }
    log
}

fn line(log: &mut Vec<u8>, tag: u8, payload: &[u8]) {
    let packed = stored(payload);
    let version = [0x02, 0x04, 0x09][usize::from(tag >> 6) % 3];
    let mut whole = vec![0x1c, 0x84, 0x93, version];
    whole.extend((packed.len() as u32).to_be_bytes());
    whole.extend(packed);
    let text = STANDARD.encode(whole);
    log.extend(format!("Tag={},1.5,2.0,3.0,{text}\n", tag % 4).bytes());
}

/// A zlib stream that compresses nothing, RFC 1950 and 1951: a real encoder would take longer than the reader.
fn stored(payload: &[u8]) -> Vec<u8> {
    let mut packed = vec![0x78, 0x01];
    let mut blocks = payload.chunks(0xffff).peekable();
    if blocks.peek().is_none() {
        packed.extend([1, 0, 0, 0xff, 0xff]);
    }
    while let Some(block) = blocks.next() {
        let length = block.len() as u16;
        packed.push(u8::from(blocks.peek().is_none()));
        packed.extend(length.to_le_bytes());
        packed.extend((!length).to_le_bytes());
        packed.extend(block);
    }
    let (low, high) = payload.iter().fold((1_u32, 0_u32), |(low, high), byte| {
        let low = (low + u32::from(*byte)) % 65521;
        (low, (high + low) % 65521)
    });
    packed.extend((high << 16 | low).to_be_bytes());
    packed
}
