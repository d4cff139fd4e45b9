import java.io.*;
import java.util.*;
import org.HdrHistogram.*;

/** What the library itself reads from a log: per tag the intervals, count, and values at percentiles. */
public final class Facts {
    public static void main(String[] args) throws Exception {
        for (String name : args) {
            HistogramLogReader reader = new HistogramLogReader(new File(name));
            Map<String, Histogram> sums = new TreeMap<>();
            Map<String, Integer> intervals = new TreeMap<>();
            Map<String, Double> longest = new TreeMap<>();
            EncodableHistogram one;
            while ((one = reader.nextIntervalHistogram()) != null) {
                String tag = one.getTag() == null ? "" : one.getTag();
                Histogram h = (Histogram) one;
                sums.computeIfAbsent(tag, k -> new Histogram(3600L * 1000 * 1000 * 1000, 3)).add(h);
                intervals.merge(tag, 1, Integer::sum);
            }
            for (String tag : sums.keySet()) {
                Histogram h = sums.get(tag);
                System.out.printf("%s|%s|intervals %d|count %d|p50 %d|p90 %d|p99 %d|p99.9 %d|max %d|min %d|mean %.6f|sd %.6f|start %.3f%n", name, tag, intervals.get(tag), h.getTotalCount(), h.getValueAtPercentile(50),
                    h.getValueAtPercentile(90), h.getValueAtPercentile(99), h.getValueAtPercentile(99.9), h.getMaxValue(), h.getMinNonZeroValue(), h.getMean(), h.getStdDeviation(), reader.getStartTimeSec());
            }
        }
    }
}
