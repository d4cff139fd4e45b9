/// So many holes are remembered; data that fills an older one counts as sent again.
const HOLES: usize = 64;

/// Which bytes of one direction of a TCP connection were seen.
///
/// TCP numbers bytes in 32 bits, which wrap; those less than half the circle ahead of the newest are
/// newer. Places count on, from the first byte of the connection, or the first that was seen.
#[derive(Debug, Default)]
pub struct Stream {
    /// The number behind the newest byte, and its place.
    next: Option<(u32, i64)>,
    /// First place of what is missing before, and the one behind its last.
    holes: Vec<(i64, i64)>,
}

impl Stream {
    /// A connection begins; its first byte has the number after `sequence`.
    pub fn open(&mut self, sequence: u32) {
        // The opening may be sent again, or late.
        if self.next.is_none() {
            self.next = Some((sequence.wrapping_add(1), 0));
        }
    }

    /// The place of the byte with a number; the first byte ever asked for is at zero.
    pub fn place(&mut self, number: u32) -> i64 {
        let (newest, place) = *self.next.get_or_insert((number, 0));
        place + i64::from(number.wrapping_sub(newest) as i32)
    }

    /// The place behind the newest byte.
    pub fn end(&self) -> i64 {
        self.next.map_or(0, |(_, place)| place)
    }

    /// Takes in `size` bytes from the number `begins` on: their place, if any of them is seen for the
    /// first time.
    pub fn take(&mut self, begins: u32, size: u32) -> Option<i64> {
        let from = self.place(begins);
        let to = from + i64::from(size);
        let next = self.end();
        if to > next {
            if from > next {
                if self.holes.len() == HOLES {
                    self.holes.remove(0);
                }
                self.holes.push((next, from));
            }
            self.next = Some((begins.wrapping_add(size), to));
            return Some(from);
        }
        let filled = self
            .holes
            .iter()
            .position(|hole| hole.1 > from && to > hole.0)?;
        let hole = self.holes.remove(filled);
        for rest in [(hole.0, from), (to, hole.1)] {
            if rest.1 > rest.0 && self.holes.len() < HOLES {
                self.holes.push(rest);
            }
        }
        Some(from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_new_once_also_across_the_end_of_the_numbers() {
        for origin in [1000, u32::MAX - 25] {
            let at = |offset: u32| origin.wrapping_add(offset);
            let mut stream = Stream::default();
            stream.open(at(0));
            let sent = [
                (1, true),
                (1, false),
                (21, true),
                (11, true),
                (11, false),
                (31, true),
            ];
            for (offset, new) in sent {
                let place = new.then(|| i64::from(offset) - 1);
                assert_eq!(stream.take(at(offset), 10), place, "{origin} {offset}");
            }
            assert_eq!(stream.take(at(36), 10), Some(35), "half of it is new");
            assert_eq!(
                stream.take(at(45), 1),
                None,
                "a keep-alive repeats the last byte"
            );
            assert_eq!((stream.end(), stream.place(at(46))), (45, 45));
        }
    }

    #[test]
    fn a_hole_is_filled_in_parts() {
        let mut stream = Stream::default();
        assert!(stream.take(0, 10).is_some() && stream.take(40, 10).is_some());
        assert!(stream.take(20, 10).is_some() && stream.take(20, 10).is_none());
        assert!(stream.take(10, 10).is_some() && stream.take(30, 10).is_some());
        assert!(stream.take(10, 30).is_none() && stream.holes.is_empty());
    }
}
