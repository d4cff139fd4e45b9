use super::arrivals::{Arrivals, SendTimes};
use super::census::Census;
use super::numbering::{measured_interval, number_by_arrival, number_by_sent};
use super::reset::sessions;
use super::sorting::{gather, order_by};
use crate::pause::Pause;
use crate::time::{LONGEST, Nanos, seconds};
use crate::{Cancel, Error};

/// The rows of a heartbeat log, in the order in which they were written.
#[derive(Debug, Clone, Default)]
pub struct Log {
    /// When each heartbeat was received; [`MISSING`] when it never was.
    pub received: Vec<Nanos>,
    /// When each was sent, if the log says; [`MISSING`] where a row does not.
    pub sent: Option<Vec<Nanos>>,
    /// The number of each, if the log says; [`MISSING`] where a row does not.
    pub number: Option<Vec<i64>>,
    /// The time between two heartbeats of the schedule, if known.
    pub every: Option<Nanos>,
    /// Whether `sent` was read on the same clock as `received`.
    pub shared_clock: bool,
    /// When the monitor itself stood still, if known, in order and apart, on the clock of `received`.
    /// It sees at the end of a pause what arrived during it.
    pub pauses: Vec<Pause>,
}

/// Stands where a row has no value.
pub const MISSING: i64 = i64::MIN;

/// One row with all it needs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    pub received: Nanos,
    pub sent: Nanos,
    pub number: i64,
}

impl Log {
    /// Puts the log in order of arrival, numbers the heartbeats and counts what it finds.
    ///
    /// Times may have any origin; the result starts near zero. Numbers that the log does not have are
    /// inferred from the send times, each gap being as many heartbeats as the interval fits into it,
    /// or, without send times, from the order of arrival, which hides losses.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] when fewer than two heartbeats were received, times span more than a
    /// century, or the interval is not given and cannot be told from the log.
    pub fn into_arrivals(self, cancel: &Cancel) -> Result<Arrivals, Error> {
        let mut census = Census {
            rows: self.received.len() as u64,
            ..Census::default()
        };
        let rows = self.complete_rows(&mut census)?;
        let received_once = rows.iter().filter(|row| row.received != MISSING).count();
        if received_once < 2 {
            return Err(Error::argument(
                "received",
                format!("{received_once} heartbeats received"),
                "two or more",
            ));
        }
        let every = match self.every {
            Some(every) => every,
            None => self.interval(&rows, cancel)?,
        };
        let send_times = match (&self.sent, self.shared_clock) {
            (None, _) => SendTimes::Unknown,
            (Some(_), true) => SendTimes::SharedClock,
            (Some(_), false) => SendTimes::SenderClock,
        };
        let mut arrivals = Arrivals {
            received: Vec::with_capacity(received_once),
            sent: Vec::with_capacity(received_once),
            number: Vec::with_capacity(received_once),
            every,
            send_times,
            pauses: Vec::new(),
            sender_pauses: Vec::new(),
            sessions: Vec::new(),
            census,
        };
        let origin = least(&self.received);
        let (has_sent, has_number) = (self.sent.is_some(), self.number.is_some());
        for session in sessions(&rows, has_sent, has_number, every, cancel)? {
            self.append(session, &mut arrivals, cancel)?;
        }
        self.sleep(origin, &mut arrivals)?;
        arrivals.census.resets = arrivals.sessions.len().saturating_sub(1) as u64;
        arrivals.census.arrivals = arrivals.received.len() as u64;
        if self.every.is_none() {
            arrivals.every = measured_interval(&arrivals).unwrap_or(every);
        }
        Ok(arrivals)
    }

    /// The rows that have what they need, moved to an origin near their first times.
    fn complete_rows(&self, census: &mut Census) -> Result<Vec<Row>, Error> {
        let n = self.received.len();
        for (name, column) in [("sent", &self.sent), ("number", &self.number)] {
            if let Some(column) = column
                && column.len() != n
            {
                return Err(Error::argument(
                    name,
                    format!("{} values", column.len()),
                    format!("{n} values, as many as received has"),
                ));
            }
        }
        let received_origin = least(&self.received);
        let sent_origin = match &self.sent {
            Some(sent) if !self.shared_clock => least(sent),
            _ => received_origin,
        };
        let mut rows = Vec::with_capacity(n);
        for index in 0..n {
            let received = self.received[index];
            let sent = self.sent.as_ref().map_or(received, |sent| sent[index]);
            let number = self.number.as_ref().map_or(0, |number| number[index]);
            // A row without its send time or number says nothing; one that was merely never received
            // still says that a heartbeat was sent.
            if sent == MISSING || number == MISSING || (received == MISSING && self.sent.is_none())
            {
                census.unreadable += 1;
                continue;
            }
            let row = Row {
                received: if received == MISSING {
                    MISSING
                } else {
                    received.saturating_sub(received_origin)
                },
                sent: sent.saturating_sub(sent_origin),
                number,
            };
            for (name, time) in [("received", row.received), ("sent", row.sent)] {
                if time != MISSING && seconds(time).abs() > LONGEST {
                    return Err(Error::argument(
                        format!("{name}[{index}]"),
                        format!("{} s from the others", seconds(time)),
                        "times within a century",
                    ));
                }
            }
            rows.push(row);
        }
        Ok(rows)
    }

    /// Puts the monitor's pauses on the time of the arrivals and moves what came during one to its
    /// end; `origin` is what the log calls time zero.
    fn sleep(&self, origin: Nanos, arrivals: &mut Arrivals) -> Result<(), Error> {
        if self.pauses.is_empty() {
            return Ok(());
        }
        if arrivals.sessions.len() > 1 {
            return Err(Error::argument(
                "pauses",
                format!("{} pauses", self.pauses.len()),
                "none for a log whose clock was reset, for it is not clear when they were",
            ));
        }
        let moved = self.pauses.iter().map(|pause| Pause {
            start: pause.start.saturating_sub(origin),
            end: pause.end.saturating_sub(origin),
        });
        arrivals.pauses = moved.filter(|pause| pause.end > 0).collect();
        let mut pauses = arrivals.pauses.iter().peekable();
        for received in &mut arrivals.received {
            while pauses.next_if(|pause| pause.end <= *received).is_some() {}
            if let Some(pause) = pauses.peek()
                && pause.start <= *received
            {
                *received = pause.end;
            }
        }
        arrivals.sessions = vec![(
            arrivals.received.len(),
            arrivals.received[arrivals.received.len() - 1],
        )];
        Ok(())
    }

    /// The median time between heartbeats, by send times if there are any, else by arrivals.
    fn interval(&self, rows: &[Row], cancel: &Cancel) -> Result<Nanos, Error> {
        let received = rows.iter().filter(|row| row.received != MISSING);
        let mut times: Vec<Nanos> = if self.sent.is_some() {
            rows.iter().map(|row| row.sent).collect()
        } else {
            received.map(|row| row.received).collect()
        };
        let mut spans: Vec<Nanos> = match &self.number {
            // Numbers say how many intervals lie between two rows.
            Some(_) if self.sent.is_some() => rows
                .windows(2)
                .filter_map(|pair| {
                    let steps = pair[1].number.checked_sub(pair[0].number)?;
                    (steps > 0).then(|| (pair[1].sent - pair[0].sent) / steps)
                })
                .filter(|span| *span > 0)
                .collect(),
            _ => {
                let order = order_by(times.len(), |row| times[row], cancel)?;
                times = gather(&order, |row| times[row]);
                times
                    .windows(2)
                    .map(|pair| pair[1] - pair[0])
                    .filter(|span| *span > 0)
                    .collect()
            }
        };
        cancel.checkpoint()?;
        if spans.is_empty() {
            return Err(Error::argument(
                "every",
                "unknown",
                "the sending interval, which this log does not show",
            ));
        }
        let middle = spans.len() / 2;
        Ok(*spans.select_nth_unstable(middle).1)
    }

    /// Adds one session: in order of arrival, numbered, and moved to where the last one ended.
    fn append(&self, rows: &[Row], arrivals: &mut Arrivals, cancel: &Cancel) -> Result<(), Error> {
        let mut rows = rows.to_vec();
        match (&self.number, &self.sent) {
            (Some(_), _) => {}
            (None, Some(_)) => number_by_sent(&mut rows, arrivals.every, cancel)?,
            (None, None) => number_by_arrival(&mut rows, cancel)?,
        }
        let census = &mut arrivals.census;
        let (mut first, mut last) = (i64::MAX, i64::MIN);
        for row in &rows {
            (first, last) = (first.min(row.number), last.max(row.number));
        }
        let by_number = order_by(rows.len(), |row| rows[row].number, cancel)?;
        let distinct = |received_only: bool| -> u64 {
            let mut before = None;
            let mut count = 0;
            for row in by_number.iter().map(|row| rows[*row]) {
                if !(received_only && row.received == MISSING)
                    && before.replace(row.number) != Some(row.number)
                {
                    count += 1;
                }
            }
            count
        };
        let scheduled = last.checked_sub(first).and_then(|span| span.checked_add(1));
        let numbered = scheduled
            .filter(|count| (*count as f64) * arrivals.every as f64 <= 4e18)
            .ok_or_else(|| {
                Error::argument(
                    "number",
                    format!("{first} to {last}"),
                    "numbers that span less than a century of heartbeats",
                )
            })?;
        let came = distinct(true);
        census.lost += numbered as u64 - came;

        rows.retain(|row| row.received != MISSING);
        let order = order_by(rows.len(), |row| rows[row].received, cancel)?;
        let rows = gather(&order, |row| rows[row]);
        let Some(begin) = rows.first().map(|row| row.received) else {
            return Ok(());
        };
        census.duplicates += rows.len() as u64 - came;
        let overtaken = rows.iter().scan(i64::MIN, |highest, row| {
            let behind = row.number < *highest;
            *highest = row.number.max(*highest);
            Some(behind)
        });
        census.reordered += overtaken.filter(|behind| *behind).count() as u64;

        let shift = arrivals.received.last().map_or(0, |last| last - begin);
        let length = seconds(rows[rows.len() - 1].received) + seconds(shift);
        if length > LONGEST {
            return Err(Error::argument(
                "received",
                format!("{length} s in all"),
                "sessions of a century together",
            ));
        }
        let clock = if arrivals.send_times == SendTimes::SenderClock {
            // What the sender's clock is ahead or behind is not known; the quickest heartbeat is
            // taken to have come at once.
            rows.iter()
                .map(|row| row.received - row.sent)
                .min()
                .unwrap_or(0)
        } else {
            0
        };
        for row in &rows {
            arrivals.received.push(row.received + shift);
            arrivals.sent.push(row.sent + clock + shift);
            arrivals.number.push(row.number - first);
        }
        let end = arrivals.received[arrivals.received.len() - 1];
        arrivals.sessions.push((arrivals.received.len(), end));
        Ok(())
    }
}

/// The least value that is not missing.
fn least(column: &[i64]) -> i64 {
    let known = column.iter().copied().filter(|value| *value != MISSING);
    known.min().unwrap_or(0)
}
