"""
Compiled core of `suspicion`.
"""

from _typeshed import SupportsGetItem, SupportsLenAndGetItem
from numpy import float64, int64
from numpy.typing import NDArray
from os import PathLike
from typing import Any, SupportsFloat, SupportsIndex, final

__all__ = ["ArrivalStream", "Arrivals", "Buckets", "Curve", "Detector", "Distribution", "Echo", "Fit", "Heartbeats", "KaplanMeier", "Lease", "LeaseClient", "LeaseClock", "LeaseHistory", "LeaseOutcome", "LeaseTerms", "LeaseWrites", "Link", "Loss", "Observations", "PauseSummary", "Pauses", "Redlock", "Regimes", "RttSummary", "Source", "Storage", "Tail", "Terms", "Timeline", "Trace", "autocorrelation", "clopper_pearson", "column_names", "configure", "draw_elections", "election_law", "extremal_index", "format_duration", "format_rate", "garwood", "migration", "parse_duration", "parse_rate", "rank_interval", "rate_interval", "read_columns", "read_log", "read_trace", "recommend", "record_pauses", "record_rtt", "stability", "sweep", "trace_formats", "unpacked", "violation_names"]

@final
class ArrivalStream:
    """
    Arrivals of a model, block after block, simulated by a thread of their own.
    """
    def __new__(cls, /, model: Heartbeats, duration: SupportsFloat | SupportsIndex, seed: SupportsLenAndGetItem[SupportsIndex], block: SupportsIndex) -> ArrivalStream: ...
    def next_block(self, /) -> tuple[NDArray[float64], NDArray[float64], NDArray[int64]] | None:
        """
        The next block, none after the last.
        """

@final
class Arrivals:
    """
    Heartbeats as a monitor saw them.
    """
    def __len__(self, /) -> int: ...
    def census(self, /) -> list[tuple[str, int]]:
        """
        What became of the heartbeats.
        """
    def delays(self, /) -> NDArray[float64]:
        """
        Seconds from send to sight, each correctly rounded.
        """
    def every(self, /) -> float:
        """
        Seconds between two heartbeats of the schedule.
        """
    @staticmethod
    def from_bytes(bytes: bytes) -> Arrivals:
        """
        The arrivals that gave these bytes.
        """
    def gaps(self, /) -> NDArray[float64]:
        """
        Seconds between neighbours within a session, each correctly rounded.
        """
    def length(self, /) -> float:
        """
        Seconds from the first arrival to the end of the observation.
        """
    def number(self, /) -> NDArray[int64]:
        """
        The place of each in the schedule.
        """
    def pauses(self, /) -> tuple[NDArray[float64], NDArray[float64]]:
        """
        Starts and durations of the monitor's own pauses, in seconds.
        """
    def received(self, /) -> NDArray[float64]:
        """
        When each was seen, in seconds.
        """
    def send_times(self, /) -> str:
        """
        Whether send times are ``"unknown"``, on the ``"sender"`` clock or on a ``"shared"`` one.
        """
    def sender_pauses(self, /) -> tuple[NDArray[float64], NDArray[float64]]:
        """
        Starts and durations of the sender's pauses, where a simulation knows, in seconds.
        """
    def sent(self, /) -> NDArray[float64]:
        """
        When each was sent, in seconds.
        """
    def sessions(self, /) -> tuple[NDArray[int64], NDArray[float64]]:
        """
        Where each session ends, as an index past its last heartbeat, and when its observation does.
        """
    def to_bytes(self, /) -> bytes:
        """
        All of it, as bytes.
        """

@final
class Buckets:
    """
    Counts of spans of time in buckets.
    """
    def columns(self, /) -> tuple[NDArray[int64], NDArray[int64], NDArray[int64]]:
        """
        Lower end and width in nanoseconds and count of each bucket that is not empty.
        """

@final
class Curve:
    """
    The quality of service of one detector on one source, at every threshold of a grid.
    """
    def census(self, /) -> list[tuple[str, int]]:
        """
        What became of the heartbeats.
        """
    def counted(self, /, confidence_level: SupportsFloat | SupportsIndex) -> list[tuple[str, NDArray[float64]]]:
        """
        Columns that are known as soon as the sweep is done, by name.
        """
    def detected(self, /) -> list[tuple[str, NDArray[float64]]]:
        """
        Columns of detection times, by name.
        """
    def exposure(self, /) -> float:
        """
        Seconds watched.
        """
    def heartbeats(self, /) -> int:
        """
        Heartbeats that counted while it was watched.
        """
    def merged(self, /, other: Curve) -> Curve:
        """
        This curve and another of the same sweep, over other replications.
        """
    def mistakes(self, /, threshold: SupportsFloat | SupportsIndex) -> tuple[NDArray[float64], NDArray[float64]]:
        """
        Starts and ends, in seconds, of the mistakes in a log at any one threshold.
        """
    @staticmethod
    def restored(source: Source, detector: Detector, terms: Terms, thresholds: NDArray[float64], bytes: bytes) -> Curve:
        """
        The curve that gave these bytes, from what it was made of.
        """
    def threshold_of(self, /, timeout: SupportsFloat | SupportsIndex) -> float: ...
    def thresholds(self, /) -> NDArray[float64]: ...
    def timed(self, /) -> list[tuple[str, NDArray[float64]]]:
        """
        Columns that need the single mistakes, by name.
        """
    def timeout_of(self, /, threshold: SupportsFloat | SupportsIndex) -> float | None:
        """
        None where it would have to be watched for.
        """
    def to_bytes(self, /) -> bytes:
        """
        What was counted, as bytes.
        """
    def warm_up(self, /) -> int:
        """
        Arrivals that passed before mistakes counted.
        """

@final
class Detector:
    """
    A failure detector with its settings, all but the threshold.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def admit(self, /, threshold: SupportsFloat | SupportsIndex) -> float:
        """
        Admits a threshold or says what it expected.
        """
    @staticmethod
    def akka_phi(window: SupportsIndex, min_std: SupportsFloat | SupportsIndex, acceptable_pause: SupportsFloat | SupportsIndex, first_estimate: SupportsFloat | SupportsIndex | None, filter: bool, logistic: bool, milliseconds: bool, newest_only: bool) -> Detector: ...
    @staticmethod
    def bertier(window: SupportsIndex, beta: SupportsFloat | SupportsIndex, gamma: SupportsFloat | SupportsIndex) -> Detector: ...
    @staticmethod
    def bucketed_timeout(tick: SupportsFloat | SupportsIndex, phase: SupportsFloat | SupportsIndex, newest_only: bool) -> Detector: ...
    def candidates(self, /, shortest: SupportsFloat | SupportsIndex, longest: SupportsFloat | SupportsIndex) -> NDArray[float64]:
        """
        Thresholds, rising, whose timeouts are from `shortest` to `longest` seconds as far as is known
        before anything is seen.
        """
    @staticmethod
    def chen(window: SupportsIndex, synchronized: bool) -> Detector: ...
    @staticmethod
    def chitchat(window: SupportsIndex, max_interval: SupportsFloat | SupportsIndex, initial_interval: SupportsFloat | SupportsIndex, prior_weight: SupportsFloat | SupportsIndex, newest_only: bool) -> Detector: ...
    @staticmethod
    def election_timeout(rule: str, tick: SupportsFloat | SupportsIndex | None, followers: SupportsIndex, seed: SupportsLenAndGetItem[SupportsIndex] | None) -> Detector: ...
    @staticmethod
    def empirical_accrual(window: SupportsIndex, stretch: SupportsFloat | SupportsIndex, probability: bool, newest_only: bool) -> Detector: ...
    @staticmethod
    def exponential_accrual(window: SupportsIndex, initial: SupportsFloat | SupportsIndex | None, max_interval: SupportsFloat | SupportsIndex | None, probability: bool, newest_only: bool) -> Detector: ...
    @staticmethod
    def failed_probes(failures: SupportsIndex, interval: SupportsFloat | SupportsIndex | None) -> Detector: ...
    @staticmethod
    def fixed_timeout(newest_only: bool) -> Detector: ...
    @staticmethod
    def foreign(rule: Any, by_level: bool, newest_only: bool, needs: SupportsIndex, memory: SupportsIndex) -> Detector:
        """
        A rule written in Python: its deadlines, or how suspicious it is.
        """
    def is_one_pass(self, /) -> bool:
        """
        Whether one pass over the heartbeats tells its deadlines at all thresholds.
        """
    def memory(self, /) -> int:
        """
        Heartbeats after which it has forgotten how it started.
        """
    def needs(self, /) -> int:
        """
        Heartbeats it must have seen before it can suspect at all.
        """
    def needs_shared_clock(self, /) -> bool:
        """
        Whether it needs send times on the monitor's clock.
        """
    @staticmethod
    def overdue(interval: SupportsFloat | SupportsIndex, newest_only: bool) -> Detector: ...
    @staticmethod
    def percentile_timeout(quantile: SupportsFloat | SupportsIndex, window: SupportsFloat | SupportsIndex, minimum: SupportsFloat | SupportsIndex, maximum: SupportsFloat | SupportsIndex) -> Detector: ...
    @staticmethod
    def phi_accrual(window: SupportsIndex, min_std: SupportsFloat | SupportsIndex, newest_only: bool) -> Detector: ...
    @staticmethod
    def retransmission_timeout(granularity: SupportsFloat | SupportsIndex, minimum: SupportsFloat | SupportsIndex, maximum: SupportsFloat | SupportsIndex, backoff: bool) -> Detector: ...
    @staticmethod
    def self_tuning(window: SupportsIndex, slot: SupportsIndex, step: SupportsFloat | SupportsIndex, max_rate: SupportsFloat | SupportsIndex, max_detection: SupportsFloat | SupportsIndex) -> Detector: ...
    @staticmethod
    def two_window(short: SupportsIndex, long: SupportsIndex) -> Detector: ...

@final
class Distribution:
    """
    A law of a duration.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    @staticmethod
    def affine(base: Distribution, factor: SupportsFloat | SupportsIndex, offset: SupportsFloat | SupportsIndex) -> Distribution: ...
    def ccdf(self, /, x: NDArray[float64]) -> NDArray[float64]: ...
    def cdf(self, /, x: NDArray[float64]) -> NDArray[float64]: ...
    @staticmethod
    def constant(value: SupportsFloat | SupportsIndex) -> Distribution: ...
    @staticmethod
    def empirical(sample: NDArray[float64]) -> Distribution: ...
    @staticmethod
    def exponential(mean: SupportsFloat | SupportsIndex) -> Distribution: ...
    @staticmethod
    def from_mean_std(family: str, mean: SupportsFloat | SupportsIndex, std: SupportsFloat | SupportsIndex) -> tuple[float, float]:
        """
        The two parameters of the law of a family with this mean and standard deviation.
        """
    @staticmethod
    def from_quantiles(family: str, quantiles: SupportsGetItem[int, tuple[SupportsFloat | SupportsIndex, SupportsFloat | SupportsIndex]]) -> tuple[float, float, float]:
        """
        The two parameters, in the order of the constructor, of the law of a family through quantiles,
        and the residual.
        """
    @staticmethod
    def gamma(shape: SupportsFloat | SupportsIndex, scale: SupportsFloat | SupportsIndex) -> Distribution: ...
    @staticmethod
    def generalized_pareto(scale: SupportsFloat | SupportsIndex, shape: SupportsFloat | SupportsIndex) -> Distribution: ...
    def has_density(self, /) -> bool: ...
    def iccdf(self, /, q: NDArray[float64]) -> NDArray[float64]: ...
    def icdf(self, /, p: NDArray[float64]) -> NDArray[float64]: ...
    def ilogccdf(self, /, log_q: NDArray[float64]) -> NDArray[float64]: ...
    @staticmethod
    def interpolated(quantiles: SupportsGetItem[int, tuple[SupportsFloat | SupportsIndex, SupportsFloat | SupportsIndex]]) -> Distribution: ...
    def logccdf(self, /, x: NDArray[float64]) -> NDArray[float64]: ...
    def logcdf(self, /, x: NDArray[float64]) -> NDArray[float64]: ...
    @staticmethod
    def lognormal(median: SupportsFloat | SupportsIndex, sigma: SupportsFloat | SupportsIndex) -> Distribution: ...
    def logpdf(self, /, x: NDArray[float64]) -> NDArray[float64]: ...
    @staticmethod
    def maximum(parts: SupportsGetItem[int, Distribution]) -> Distribution: ...
    def mean(self, /) -> float: ...
    def median(self, /) -> float: ...
    @staticmethod
    def mixture(parts: SupportsGetItem[int, Distribution], weights: SupportsGetItem[int, SupportsFloat | SupportsIndex]) -> Distribution: ...
    @staticmethod
    def pareto(minimum: SupportsFloat | SupportsIndex, tail_index: SupportsFloat | SupportsIndex) -> Distribution: ...
    def pdf(self, /, x: NDArray[float64]) -> NDArray[float64]: ...
    def sample(self, /, draws: SupportsIndex, seed: SupportsLenAndGetItem[SupportsIndex]) -> NDArray[float64]:
        """
        As many draws as asked for; the first of them do not depend on how many follow.
        """
    @staticmethod
    def sum(parts: SupportsGetItem[int, Distribution]) -> Distribution: ...
    def support(self, /) -> tuple[float, float]: ...
    @staticmethod
    def truncated(base: Distribution, low: SupportsFloat | SupportsIndex, high: SupportsFloat | SupportsIndex) -> Distribution: ...
    @staticmethod
    def truncated_normal(mean: SupportsFloat | SupportsIndex, std: SupportsFloat | SupportsIndex, low: SupportsFloat | SupportsIndex, high: SupportsFloat | SupportsIndex) -> Distribution: ...
    @staticmethod
    def uniform(low: SupportsFloat | SupportsIndex, high: SupportsFloat | SupportsIndex) -> Distribution: ...
    def variance(self, /) -> float: ...
    @staticmethod
    def weibull(scale: SupportsFloat | SupportsIndex, shape: SupportsFloat | SupportsIndex) -> Distribution: ...

@final
class Echo:
    """
    An echo server on a thread of its own.
    """
    def __new__(cls, /, bind: str, port: SupportsIndex) -> Echo: ...
    def address(self, /) -> tuple[str, int]:
        """
        Address and port it listens on.
        """
    def counts(self, /) -> tuple[int, int, int]:
        """
        Probes answered, datagrams ignored, connections taken.
        """
    def stop(self, /) -> None:
        """
        Stops it and returns once its port is free again.
        """

@final
class Fit:
    """
    A law fitted to observations.
    """
    def __new__(cls, /, observations: Observations, family: str, offset: SupportsFloat | SupportsIndex, low: SupportsFloat | SupportsIndex, high: SupportsFloat | SupportsIndex) -> Fit:
        """
        Finds the likeliest law of the durations less `offset`; `low` and `high` are the bounds of a
        truncated normal.
        """
    def covariance(self, /) -> list[list[float]]:
        """
        Covariance of the parameters.
        """
    def covariance_of_coordinates(self, /) -> list[list[float]]:
        """
        Covariance of the logarithms of parameters above zero, and of other parameters.
        """
    def goodness(self, /, observations: Observations) -> tuple[float, float, float, list[tuple[float, float, float, float, float]]]:
        """
        Statistic, degrees of freedom and probability, and the tail counts: probability, time, expected,
        observed, probability of so many.
        """
    def interval(self, /, which: SupportsIndex, confidence_level: SupportsFloat | SupportsIndex) -> tuple[float, float]:
        """
        Profile interval of a parameter.
        """
    def log_likelihood(self, /) -> float:
        """
        Largest logarithm of the likelihood.
        """
    def logarithmic(self, /) -> list[bool]:
        """
        Which coordinates are logarithms.
        """
    def names(self, /) -> list[str]:
        """
        Names of the parameters.
        """
    def parameters(self, /) -> list[float]:
        """
        The parameters.
        """
    def pinned(self, /) -> list[bool]:
        """
        Which parameters lie on an edge.
        """
    def quantile_interval(self, /, log_q: SupportsFloat | SupportsIndex, confidence_level: SupportsFloat | SupportsIndex) -> tuple[float, float]:
        """
        Profile interval of the duration exceeded with a probability.
        """

@final
class Heartbeats:
    """
    A node that sends heartbeats to a monitor over a link; both may pause.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, every: SupportsFloat | SupportsIndex | None, random_every: Distribution | None, catch_up: str, link: Link, sender_pauses: Pauses, receiver_pauses: Pauses) -> Heartbeats: ...
    def interval(self, /) -> float:
        """
        Mean seconds from one heartbeat to the next.
        """
    def simulate(self, /, duration: SupportsFloat | SupportsIndex, seed: SupportsLenAndGetItem[SupportsIndex], progress: Any | None = None) -> Arrivals:
        """
        Every arrival of `duration` seconds.
        """
    def simulate_observers(self, /, duration: SupportsFloat | SupportsIndex, observers: SupportsIndex, one_link: bool, seed: SupportsLenAndGetItem[SupportsIndex], progress: Any | None = None) -> list[Arrivals]:
        """
        Every arrival of `duration` seconds at each of several monitors.
        """

@final
class KaplanMeier:
    """
    The survival function of durations some of which were cut off.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, durations: NDArray[float64], observed: NDArray[int64]) -> KaplanMeier:
        """
        Flags are 0 for what was cut off.
        """
    def at(self, /, t: NDArray[float64], plain: bool, confidence_level: SupportsFloat | SupportsIndex) -> tuple[NDArray[float64], NDArray[float64], NDArray[float64]]:
        """
        Survival at these times with its band.
        """
    def extent(self, /) -> tuple[int, float, float]:
        """
        Durations, the longest, and the survival there.
        """
    def quantile(self, /, p: SupportsFloat | SupportsIndex, plain: bool, confidence_level: SupportsFloat | SupportsIndex) -> tuple[float, float, float]:
        """
        A quantile with its interval.
        """
    def sample(self, /) -> tuple[NDArray[float64], NDArray[int64]]:
        """
        The sample in order, and 0 for what was cut off.
        """
    def steps(self, /) -> tuple[NDArray[float64], NDArray[int64], NDArray[int64], NDArray[float64]]:
        """
        Event times, how many were at risk, how many events, and Greenwood's sum.
        """

@final
class Lease:
    """
    A lease with all who have to do with it.
    """
    def __new__(cls, /, terms: LeaseTerms, clients: SupportsGetItem[int, LeaseClient], writes: LeaseWrites | None) -> Lease: ...
    def history(self, /, duration: SupportsFloat | SupportsIndex, seed: SupportsLenAndGetItem[SupportsIndex]) -> tuple[LeaseOutcome, LeaseHistory]:
        """
        The outcome with every message and every span.
        """
    def simulate(self, /, duration: SupportsFloat | SupportsIndex, runs: SupportsIndex, seed: SupportsLenAndGetItem[SupportsIndex], progress: Any | None = None) -> LeaseOutcome: ...
    def takeovers(self, /, runs: SupportsIndex, seed: SupportsLenAndGetItem[SupportsIndex], progress: Any | None = None) -> NDArray[float64]:
        """
        Seconds from a crash of the holder until another has taken over.
        """

@final
class LeaseClient:
    """
    One who holds a lease or waits for it.
    """
    def __new__(cls, /, reasons: SupportsGetItem[int, tuple[Pauses, bool]], clock: LeaseClock, looks: bool, delay: Distribution, outages: Pauses) -> LeaseClient:
        """
        Each reason to pause comes with whether it suspends the machine.
        """

@final
class LeaseClock:
    """
    By what time is told.
    """
    def __new__(cls, /, drift: SupportsFloat | SupportsIndex, stops_in_suspend: bool, steps: tuple[SupportsFloat | SupportsIndex, SupportsFloat | SupportsIndex] | None) -> LeaseClock:
        """
        With the mean time between steps and their size in seconds, if it is set at all.
        """

@final
class LeaseHistory:
    """
    All that happened in a run.
    """
    def dropped(self, /) -> int:
        """
        How many messages and spans there was no room for.
        """
    def message_facts(self, /) -> list[NDArray[int64]]:
        """
        Client and token of each message, and 1 if it was granted or taken.
        """
    def messages(self, /) -> tuple[list[str], NDArray[float64], NDArray[float64]]:
        """
        What each message asks for, when it was sent and when it arrived.
        """
    def span_facts(self, /) -> list[NDArray[int64]]:
        """
        Client and token of each span; of one in which a client stands still the place of the reason.
        """
    def spans(self, /) -> tuple[list[str], NDArray[float64], NDArray[float64]]:
        """
        What each span says, when it begins and when it ends.
        """

@final
class LeaseOutcome:
    """
    What became of a lease.
    """
    def counts(self, /) -> list[tuple[str, int]]:
        """
        Counts by name.
        """
    def episode_facts(self, /) -> list[NDArray[int64]]:
        """
        Run, former holder, new holder, stale writes and cause of each episode: the place of a reason to pause, -1
        for lost messages, -2 for nothing of that.
        """
    def episode_times(self, /) -> tuple[NDArray[float64], NDArray[float64], NDArray[float64]]:
        """
        Begin, end and seconds of running of each episode.
        """
    def times(self, /) -> list[tuple[str, float]]:
        """
        Seconds by name.
        """

@final
class LeaseTerms:
    """
    On what terms a service gives a lease.
    """
    def __new__(cls, /, *, length: SupportsFloat | SupportsIndex, renew_every: SupportsFloat | SupportsIndex, believed_for: SupportsFloat | SupportsIndex, from_reply: bool, renews_on_waking: bool, poll_every: SupportsFloat | SupportsIndex, poll_jitter: SupportsFloat | SupportsIndex, grace: SupportsFloat | SupportsIndex, lock_delay: SupportsFloat | SupportsIndex, service: LeaseClock | None) -> LeaseTerms:
        """
        Without a clock of the service those who wait judge.
        """
    def two_holders(self, /, pause: Distribution, rate: SupportsFloat | SupportsIndex) -> float:
        """
        Probability that a pause of its holder makes two.
        """
    def unsafe_write(self, /, window: SupportsFloat | SupportsIndex, pause: Distribution, rate: SupportsFloat | SupportsIndex) -> float:
        """
        Probability that a write takes effect when the lease has run out.
        """

@final
class LeaseWrites:
    """
    What a holder writes.
    """
    def __new__(cls, /, every: SupportsFloat | SupportsIndex, window: SupportsFloat | SupportsIndex, first_after: SupportsFloat | SupportsIndex, delay: Distribution, fencing: str) -> LeaseWrites:
        """
        `fencing` is `"tokens"`, `"sealed"` or anything else for none.
        """

@final
class Link:
    """
    One direction of a network between two nodes.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, delay: Distribution, loss: Loss, duplication: SupportsFloat | SupportsIndex, fifo: bool) -> Link: ...
    def mean_delay(self, /) -> float:
        """
        Mean delay in the long run, in seconds.
        """

@final
class Loss:
    """
    Which messages a link loses.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    @staticmethod
    def bernoulli(probability: SupportsFloat | SupportsIndex) -> Loss: ...
    @staticmethod
    def gilbert_elliott(to_bad: SupportsFloat | SupportsIndex, to_good: SupportsFloat | SupportsIndex, good_loss: SupportsFloat | SupportsIndex, bad_loss: SupportsFloat | SupportsIndex, bad_delay: Distribution | None) -> Loss: ...

@final
class Observations:
    """
    Durations seen whole, cut off, in buckets or through a window.
    """
    def __new__(cls, /, samples: NDArray[float64], limits: NDArray[float64], window: tuple[SupportsFloat | SupportsIndex, SupportsFloat | SupportsIndex]) -> Observations:
        """
        Samples and limits in seconds.
        """
    @staticmethod
    def from_buckets(edges: NDArray[float64], counts: NDArray[int64], window: tuple[SupportsFloat | SupportsIndex, SupportsFloat | SupportsIndex]) -> Observations:
        """
        Counts between edges in seconds, one edge more than counts.
        """

@final
class PauseSummary:
    """
    What a recording of pauses has seen, in seconds.
    """
    @property
    def dropped(self, /) -> int: ...
    @property
    def lateness(self, /) -> Buckets:
        """
        Lower end and width in nanoseconds and count of each bucket.
        """
    @property
    def longest(self, /) -> float: ...
    @property
    def paused(self, /) -> float: ...
    @property
    def pauses(self, /) -> int: ...
    @property
    def suspended(self, /) -> float: ...
    @property
    def watched(self, /) -> float: ...

@final
class Pauses:
    """
    When a process stands still.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    @staticmethod
    def collection(allocation_rate: SupportsFloat | SupportsIndex, young: tuple[SupportsFloat | SupportsIndex, SupportsFloat | SupportsIndex, SupportsFloat | SupportsIndex, SupportsFloat | SupportsIndex] | None, live: SupportsFloat | SupportsIndex, limit: SupportsFloat | SupportsIndex, old: SupportsFloat | SupportsIndex | tuple[SupportsFloat | SupportsIndex, SupportsFloat | SupportsIndex, SupportsFloat | SupportsIndex, SupportsFloat | SupportsIndex | None], variation: SupportsFloat | SupportsIndex, spread: SupportsFloat | SupportsIndex) -> tuple[Pauses, float, float]:
        """
        Pauses of a collected heap, minor collections for each major one, and mean seconds between those.
        """
    @staticmethod
    def never() -> Pauses: ...
    @staticmethod
    def renewal(every: Distribution, lasting: Distribution) -> Pauses: ...
    def simulate(self, /, duration: SupportsFloat | SupportsIndex, causes: SupportsGetItem[int, str], seed: SupportsLenAndGetItem[SupportsIndex], progress: Any | None = None) -> Timeline:
        """
        The pauses of one run, with the causes that the parts are called by.
        """
    @staticmethod
    def timeline(timeline: Timeline) -> Pauses: ...
    @staticmethod
    def union(parts: SupportsGetItem[int, Pauses]) -> Pauses: ...

@final
class Redlock:
    """
    A lock on several servers, and what goes wrong with it.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, counts: dict[str, SupportsIndex], numbers: dict[str, SupportsFloat | SupportsIndex], laws: dict[str, Distribution], in_turn: bool, pause: tuple[Distribution, bool] | None) -> Redlock:
        """
        From counts, spans and shares, and laws by their names, and a pause with whether it comes after the check.
        """
    def simulate(self, /, n: SupportsIndex, seed: SupportsLenAndGetItem[SupportsIndex], progress: Any | None = None) -> dict[str, int]:
        """
        How many of so many trials ended how, by name.
        """

@final
class Regimes:
    """
    The two regimes of a link.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, steps: NDArray[float64], delays: NDArray[float64]) -> Regimes: ...
    def bad(self, /) -> NDArray[float64]:
        """
        Probability of the bad state at each message.
        """
    def covariance(self, /) -> NDArray[float64]:
        """
        Eight rows of eight, or nothing.
        """
    def leave(self, /) -> tuple[float, float]:
        """
        Rates of leaving good and bad.
        """
    def log_likelihoods(self, /) -> tuple[float, float, float]:
        """
        Logarithms of the likelihood: two states that last, two without memory, one.
        """
    def rounds(self, /) -> tuple[int, bool]: ...
    def states(self, /) -> list[tuple[float, float, float]]:
        """
        Loss, mean and standard deviation of the logarithm of the delay: good, bad, and of one state.
        """

@final
class RttSummary:
    """
    What a recording of round trips has seen, in seconds.
    """
    @property
    def address(self, /) -> str: ...
    @property
    def dropped(self, /) -> int: ...
    @property
    def duplicate(self, /) -> int: ...
    @property
    def error(self, /) -> int: ...
    @property
    def failure(self, /) -> str | None: ...
    @property
    def late(self, /) -> int: ...
    @property
    def longest(self, /) -> float | None: ...
    @property
    def ok(self, /) -> int: ...
    @property
    def probes(self, /) -> int: ...
    @property
    def refused(self, /) -> int: ...
    @property
    def rtt(self, /) -> Buckets: ...
    @property
    def shortest(self, /) -> float | None: ...
    @property
    def strange(self, /) -> int: ...
    @property
    def suspended(self, /) -> float: ...
    @property
    def timeout(self, /) -> int: ...
    @property
    def unknown(self, /) -> int: ...
    @property
    def unsent(self, /) -> int: ...
    @property
    def watched(self, /) -> float: ...

@final
class Source:
    """
    Where the heartbeats of a sweep come from.
    """
    def heartbeats(self, /) -> int:
        """
        Heartbeats that will be watched.
        """
    @staticmethod
    def modelled(model: Heartbeats, duration: SupportsFloat | SupportsIndex, seed: SupportsLenAndGetItem[SupportsIndex], replications: SupportsIndex | None, part: tuple[SupportsIndex, SupportsIndex] | None, block: SupportsIndex | None) -> Source: ...
    @staticmethod
    def observed(logs: SupportsGetItem[int, Arrivals], quorum: SupportsIndex) -> Source:
        """
        What several monitors saw, of which `quorum` must agree.
        """
    @staticmethod
    def recorded(arrivals: Arrivals) -> Source: ...
    def replications(self, /) -> int | None:
        """
        Replications of the whole campaign; none for a log.
        """

@final
class Storage:
    """
    A storage that looks at tokens.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, fenced: bool, seal: str, shards: SupportsIndex, atomic: bool, tokens: str, shares: tuple[SupportsFloat | SupportsIndex, SupportsFloat | SupportsIndex, SupportsFloat | SupportsIndex]) -> Storage:
        """
        From its options; the shares are of side effects, reads and writes with forged tokens.
        """
    def explore(self, /, scope: tuple[SupportsIndex, SupportsIndex, SupportsIndex]) -> tuple[int, int, int, list[int], list[tuple[str, list[str]]]]:
        """
        States, steps, states with a violation, the same by kind, and kinds with their counterexamples.
        """
    def race(self, /, stale: Distribution, first_write: Distribution, gap: Distribution | None, count: SupportsIndex, seed: SupportsLenAndGetItem[SupportsIndex], progress: Any | None) -> tuple[int, int, int, float | None]:
        """
        Races that did harm, were refused and were lost by the next client, and the closed form if there is one.
        """
    def random_schedules(self, /, scope: tuple[SupportsIndex, SupportsIndex, SupportsIndex], count: SupportsIndex, seed: SupportsLenAndGetItem[SupportsIndex], progress: Any | None) -> tuple[int, int, list[int]]:
        """
        Steps, schedules with a violation, and the same by kind.
        """

@final
class Tail:
    """
    A tail beyond a threshold.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, samples: NDArray[float64], threshold: SupportsFloat | SupportsIndex) -> Tail: ...
    def by_l_moments(self, /) -> tuple[float, float]: ...
    def exceedance(self, /, x: SupportsFloat | SupportsIndex) -> float: ...
    def exceedance_interval(self, /, x: SupportsFloat | SupportsIndex, confidence_level: SupportsFloat | SupportsIndex) -> tuple[float, float]: ...
    def fit(self, /) -> tuple[float, int, float, float, float, float, float]:
        """
        Threshold, how many exceed it, their share, shape, scale, mean excess and the logarithm of the likelihood.
        """
    def other_forms(self, /, q: NDArray[float64]) -> list[tuple[str, float, NDArray[float64]]]:
        """
        Logarithm of the likelihood of a lognormal and of a Weibull tail, and the values exceeded with these
        probabilities.
        """
    def quantile(self, /, q: SupportsFloat | SupportsIndex) -> float: ...
    def quantile_interval(self, /, q: SupportsFloat | SupportsIndex, confidence_level: SupportsFloat | SupportsIndex) -> tuple[float, float]: ...
    def shape_interval(self, /, confidence_level: SupportsFloat | SupportsIndex) -> tuple[float, float]: ...

@final
class Terms:
    """
    How a source is watched.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, warm_up: SupportsIndex | None, check_every: SupportsFloat | SupportsIndex, dwell: SupportsFloat | SupportsIndex, timer_first: bool, guard: tuple[SupportsFloat | SupportsIndex, SupportsFloat | SupportsIndex] | None) -> Terms: ...

@final
class Timeline:
    """
    Pauses at given times.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, starts: NDArray[float64], lasting: NDArray[float64], cause: NDArray[int64] | None, causes: SupportsGetItem[int, str]) -> Timeline:
        """
        From starts and lengths in seconds, and for each the place of its cause among the causes.
        """
    def causes(self, /) -> list[str]:
        """
        Names of the causes.
        """
    def hiccups(self, /, every: SupportsFloat | SupportsIndex, until: SupportsFloat | SupportsIndex, digits: SupportsIndex, corrected: bool) -> tuple[NDArray[float64], NDArray[float64], NDArray[float64]]:
        """
        Ends of the buckets and counts of what a napping thread measures.
        """
    def intervals(self, /) -> tuple[NDArray[float64], NDArray[float64]]:
        """
        Starts and lengths of the pauses, joined and in order, in seconds.
        """
    def remaining(self, /, moments: NDArray[float64]) -> NDArray[float64]:
        """
        For how much longer the process stands still at each moment.
        """
    def spells(self, /) -> tuple[NDArray[float64], NDArray[float64], NDArray[int64]]:
        """
        Starts and lengths of what they are made of, and the places of their causes.
        """
    def stood(self, /, moments: NDArray[float64]) -> NDArray[float64]:
        """
        How long it has stood still by each moment.
        """
    def union(self, /, other: Timeline) -> Timeline: ...
    def when_run(self, /, running: NDArray[float64]) -> NDArray[float64]:
        """
        When it has run for so long.
        """

@final
class Trace:
    """
    What a file turned out to hold, as tables of columns.
    """
    def clock(self, /) -> str:
        """
        What its times count from.
        """
    def compression(self, /) -> str: ...
    def covered(self, /) -> tuple[int, int] | None:
        """
        First and last moment that a log of pauses covers, in nanoseconds.
        """
    def faults(self, /) -> list[tuple[str, int, int, int, str]]:
        """
        Reason, count, and line, column and text of the first, of all that was not understood.
        """
    def format(self, /) -> str: ...
    def kind(self, /) -> str:
        """
        The noun that it is: "delays", "capture", "pauses", "histograms", "clock offsets" or "events".
        """
    def lines(self, /) -> tuple[int, int, int]:
        """
        Lines, records and lines passed over.
        """
    def lost(self, /) -> int | None:
        """
        How many probes were never answered, where the reader counts them.
        """
    def notes(self, /) -> dict[str, int]: ...
    def tables(self, /) -> Any:
        """
        Its tables by name, each a dictionary of columns; a column of names is a pair of an array of
        places and the list of names. They are handed over, and there is nothing the second time.
        """
    def unit(self, /) -> str: ...

def autocorrelation(series: NDArray[float64], lags: SupportsIndex) -> tuple[NDArray[float64], NDArray[int64], NDArray[float64], int, float | None]:
    """
    Correlations at lags from 1 on, pairs, standard errors, values, and the effective size.
    """

def clopper_pearson(count: SupportsIndex, trials: SupportsIndex, confidence_level: SupportsFloat | SupportsIndex) -> tuple[float, float, float]:
    """
    The interval of Clopper and Pearson, and the one-sided upper bound.
    """

def column_names(source: SupportsGetItem[int, SupportsIndex] | str | PathLike[str]) -> list[str]:
    """
    The names that the first line of a text table has.
    """

def configure(max_detection: SupportsFloat | SupportsIndex, min_recurrence: SupportsFloat | SupportsIndex, max_duration: SupportsFloat | SupportsIndex, loss: SupportsFloat | SupportsIndex, law: Distribution | None, mean: SupportsFloat | SupportsIndex | None, variance: SupportsFloat | SupportsIndex | None) -> tuple[float, float, float] | None:
    """
    Chen's procedures: interval, margin and mean time between mistakes, or none where it is impossible.

    What is known of delays is their law, or their mean and variance, or the variance alone.
    """

def draw_elections(rule: str, tick: SupportsFloat | SupportsIndex | None, followers: SupportsIndex, timeout: SupportsFloat | SupportsIndex, size: SupportsIndex, seed: SupportsLenAndGetItem[SupportsIndex]) -> NDArray[float64]:
    """
    Draws of the time from a leader's last heartbeat to the first election, in seconds.
    """

def election_law(rule: str, tick: SupportsFloat | SupportsIndex | None, followers: SupportsIndex, timeout: SupportsFloat | SupportsIndex, shares: NDArray[float64]) -> tuple[float, NDArray[float64]]:
    """
    Mean of that time, in seconds, and the times that the given shares of elections do not exceed.
    """

def extremal_index(places: NDArray[int64], resamples: SupportsIndex, confidence_level: SupportsFloat | SupportsIndex, seed: SupportsLenAndGetItem[SupportsIndex], run: SupportsIndex | None) -> tuple[float, float, float, int, NDArray[int64]]:
    """
    The extremal index of exceedances at these places, its interval, the gap above which clusters part, and the
    sizes of clusters.
    """

def format_duration(span: SupportsFloat | SupportsIndex) -> str:
    """
    A span of seconds as a person would write it.
    """

def format_rate(rate: SupportsFloat | SupportsIndex) -> str:
    """
    Events per second as a person would write them.
    """

def garwood(count: SupportsIndex, time: SupportsFloat | SupportsIndex, confidence_level: SupportsFloat | SupportsIndex) -> tuple[float, float, float]:
    """
    Garwood's interval for the rate behind a Poisson count, and the one-sided upper bound.
    """

def migration(memory: SupportsFloat | SupportsIndex, bandwidth: SupportsFloat | SupportsIndex, dirty_rate: SupportsFloat | SupportsIndex, downtime_limit: SupportsFloat | SupportsIndex, most_rounds: SupportsIndex) -> tuple[int, float, float, bool]:
    """
    Rounds, seconds of copying, seconds of standing still, and whether that is within the limit, of a machine
    that moves.
    """

def parse_duration(text: str) -> float:
    """
    Seconds in a duration with its unit, such as ``150ms``.
    """

def parse_rate(text: str) -> float:
    """
    Events per second in a rate such as ``1/day``.
    """

def rank_interval(n: SupportsIndex, p: SupportsFloat | SupportsIndex, confidence_level: SupportsFloat | SupportsIndex) -> tuple[int | None, int | None]:
    """
    Ranks, from 1, that bound a quantile; none where no value of the sample does.
    """

def rate_interval(counts: NDArray[float64], blocks: SupportsIndex, ordered: bool, exposure: SupportsFloat | SupportsIndex, confidence_level: SupportsFloat | SupportsIndex) -> tuple[NDArray[float64], NDArray[float64], NDArray[float64], NDArray[float64]]:
    """
    Rates, lower and upper ends and dispersions for rows of counts, each in equal blocks of one observation.
    """

def read_columns(source: SupportsGetItem[int, SupportsIndex] | str | PathLike[str], wanted: SupportsGetItem[int, tuple[str, str, SupportsIndex | None, bool, bool]], skip: bool, progress: Any | None = None) -> tuple[list[NDArray[int64]], int]:
    """
    Reads columns of a text table: for each its role, its name, and the digits of its unit behind a
    nanosecond (none if numbers have no unit), whether a blank is a missing value, or whether it holds
    whole numbers instead. With the columns comes how many rows were left out.
    """

def read_log(received: NDArray[int64], sent: NDArray[int64] | None, number: NDArray[int64] | None, every: SupportsFloat | SupportsIndex | None, shared_clock: bool, pauses: Pauses) -> Arrivals:
    """
    The rows of a log, times in nanoseconds, as arrivals.
    """

def read_trace(source: SupportsGetItem[int, SupportsIndex] | str | PathLike[str], format: str | None, strict: bool, port: SupportsIndex | None, unit: str | None, progress: Any | None = None) -> Trace:
    """
    Reads a trace from a path or from bytes, in a named format or in the one it turns out to have.
    """

def recommend(curves: SupportsGetItem[int, Curve], max_rate: SupportsFloat | SupportsIndex | None, max_detection: SupportsFloat | SupportsIndex | None, costs: tuple[SupportsFloat | SupportsIndex, SupportsFloat | SupportsIndex, SupportsFloat | SupportsIndex] | None, confidence_level: SupportsFloat | SupportsIndex) -> tuple[str, int, int, float]:
    """
    What to choose among the curves: a verdict, the place of the curve, the rank of the threshold and,
    where the data do not tell, the seconds of observation that would.
    """

def record_pauses(path: str | PathLike[str] | None, existing: str, duration: SupportsFloat | SupportsIndex | None, sleep: SupportsFloat | SupportsIndex, least: SupportsFloat | SupportsIndex) -> tuple[PauseSummary, BaseException | None]:
    """
    Records pauses; with what a signal raised that ended it.
    """

def record_rtt(path: str | PathLike[str] | None, existing: str, target: str, duration: SupportsFloat | SupportsIndex | None, transport: str, family: SupportsIndex | None, every: SupportsFloat | SupportsIndex, timeout: SupportsFloat | SupportsIndex) -> tuple[RttSummary, BaseException | None]:
    """
    Records round trips; with what a signal raised that ended it.
    """

def stability(samples: NDArray[float64], shares: NDArray[float64], level: SupportsFloat | SupportsIndex) -> tuple[NDArray[float64], NDArray[int64], NDArray[float64], NDArray[float64], NDArray[float64], NDArray[float64], int]:
    """
    Fits above the values that these shares exceed: thresholds, how many exceed them, shapes, scales, mean
    excesses, p values, and the place of the chosen one.
    """

def sweep(source: Source, contenders: SupportsGetItem[int, tuple[Detector, NDArray[float64] | None, SupportsFloat | SupportsIndex | None]], terms: Terms, progress: Any | None = None) -> list[Curve]:
    """
    Watches a source with several detectors and returns their curves in the same order.
    """

def trace_formats() -> list[str]:
    """
    Names of the formats that can be read.
    """

def unpacked(source: SupportsGetItem[int, SupportsIndex] | str | PathLike[str], most: SupportsIndex, beginning: bool = False) -> bytes:
    """
    The bytes of a path, or bytes themselves, decompressed: at most so many, or their beginning.
    """

def violation_names() -> list[str]:
    """
    What violations are called, in the order of their counts.
    """
