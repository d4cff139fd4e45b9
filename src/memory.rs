//! Whether a request fits into memory, found out before it is begun.

use std::borrow::Cow;
use std::fs;

use crate::Error;

/// Lets a request for `bytes` bytes pass if no more than four fifths of what is available is needed.
///
/// Available is the least of the system's free memory, the limit of the control group and that of the
/// process, where they can be read; where none can, everything passes.
pub fn admit(
    name: impl Into<Cow<'static, str>>,
    value: impl ToString,
    bytes: u64,
) -> Result<(), Error> {
    match available() {
        Some(available) if bytes > available / 5 * 4 => Err(Error::Memory {
            name: name.into(),
            value: value.to_string(),
            bytes,
            available,
        }),
        _ => Ok(()),
    }
}

fn available() -> Option<u64> {
    let field = |path: &str, label: &str, column: usize, unit: u64| {
        let text = fs::read_to_string(path).ok()?;
        let line = text.lines().find(|line| line.starts_with(label))?;
        let number: u64 = line[label.len()..]
            .split_whitespace()
            .nth(column)?
            .parse()
            .ok()?;
        Some(number.saturating_mul(unit))
    };
    let free = field("/proc/meminfo", "MemAvailable:", 0, 1024);
    let group = field("/sys/fs/cgroup/memory.max", "", 0, 1).map(|limit| {
        limit.saturating_sub(field("/sys/fs/cgroup/memory.current", "", 0, 1).unwrap_or(0))
    });
    let process = field("/proc/self/limits", "Max address space", 0, 1).map(|limit| {
        limit.saturating_sub(field("/proc/self/status", "VmSize:", 0, 1024).unwrap_or(0))
    });
    [free, group, process].into_iter().flatten().min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_machine_has_is_refused() {
        assert!(admit("shape", 10, 1000).is_ok());
        let error = admit("shape", "(1e18,)", 8 << 60).unwrap_err();
        assert!(
            error.to_string().starts_with("shape = (1e18,) needs"),
            "{error}"
        );
    }
}
