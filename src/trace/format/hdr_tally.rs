use std::collections::BTreeMap;

use super::hdr_payload::Count;
use crate::hdr_layout::Layout;
use crate::trace::histogram::Histogram;
use crate::trace::unit::Unit;

/// So many buckets that follow one another are kept together.
const PAGE: usize = 64;

/// A page by its layout and number.
type Place = (Layout, u32);

/// What the intervals of a name have counted together, page by page: few of the buckets of a range are in use.
#[derive(Debug, Default)]
pub struct Tally {
    places: BTreeMap<Place, usize>,
    pages: Vec<[u64; PAGE]>,
    /// The pages of the interval before, ascending: mostly those of the next one too.
    last: Vec<(Place, usize)>,
}

impl Tally {
    /// Adds counts by bucket, ascending, unless they need more than `room` further pages.
    pub fn add(&mut self, layout: Layout, counts: &[Count], room: &mut usize) -> bool {
        let pages = || counts.chunk_by(|one, next| one.0 / PAGE as u32 == next.0 / PAGE as u32);
        let mut known = self.last.iter().peekable();
        let mut new = 0;
        let mut these: Vec<(Place, Option<usize>)> = Vec::with_capacity(self.last.len());
        for page in pages() {
            let place = (layout, page[0].0 / PAGE as u32);
            while known.next_if(|known| known.0 < place).is_some() {}
            let found = match known.peek() {
                Some((before, found)) if *before == place => Some(*found),
                _ => self.places.get(&place).copied(),
            };
            new += usize::from(found.is_none());
            these.push((place, found));
        }
        if new > *room {
            return false;
        }
        *room -= new;
        self.last.clear();
        for (page, (place, found)) in pages().zip(these) {
            let found = found.unwrap_or_else(|| {
                self.pages.push([0; PAGE]);
                self.places.insert(place, self.pages.len() - 1);
                self.pages.len() - 1
            });
            self.last.push((place, found));
            let kept = &mut self.pages[found];
            for (index, count) in page {
                let kept = &mut kept[*index as usize % PAGE];
                *kept = kept.saturating_add(*count);
            }
        }
        true
    }

    /// How many layouts the intervals had.
    pub fn layouts(&self) -> usize {
        let mut layouts: Vec<Layout> = self.places.keys().map(|place| place.0).collect();
        layouts.dedup();
        layouts.len()
    }

    /// All counts as buckets in seconds, in the coarsest of the layouts.
    ///
    /// A bucket of the whole numbers from `least` to `greatest` is what is above `least - 1` and up to `greatest`. A
    /// value that was recorded as zero took less than a unit, and is in the bucket up to one unit.
    pub fn histogram(self, name: Vec<u8>, unit: Unit) -> Histogram {
        let mut found = Histogram {
            name,
            sum: f64::NAN,
            least: f64::NAN,
            greatest: f64::NAN,
            ..Histogram::default()
        };
        let seconds = |value: u64| value as f64 / unit.per_second();
        for ((least, greatest), count) in self.coarsest() {
            if found.count.is_empty() {
                found.least = seconds(least);
            }
            found.greatest = seconds(greatest);
            let (lower, upper) = (seconds(least.saturating_sub(1)), seconds(greatest.max(1)));
            match (found.upper.last(), found.count.last_mut()) {
                (Some(before), Some(zeros)) if *before >= upper => *zeros += count as f64,
                _ => {
                    found.lower.push(lower);
                    found.upper.push(upper);
                    found.count.push(count as f64);
                }
            }
        }
        found
    }

    fn coarsest(self) -> Box<dyn Iterator<Item = ((u64, u64), u64)>> {
        let Some(joined) = self
            .places
            .keys()
            .map(|place| place.0)
            .reduce(Layout::joined)
        else {
            return Box::new(std::iter::empty());
        };
        let mixed = self.places.keys().any(|place| place.0 != joined);
        let pages = self.pages;
        let counted = self
            .places
            .into_iter()
            .flat_map(move |((layout, page), at)| {
                (0..PAGE as u32)
                    .zip(pages[at])
                    .filter(|(_, count)| *count > 0)
                    .map(move |(place, count)| (layout.bucket(page * PAGE as u32 + place), count))
            });
        if !mixed {
            return Box::new(counted);
        }
        let mut coarse = BTreeMap::new();
        for ((least, _), count) in counted {
            let kept: &mut u64 = coarse
                .entry(joined.bucket(joined.index(least)))
                .or_default();
            *kept = kept.saturating_add(count);
        }
        Box::new(coarse.into_iter())
    }
}
