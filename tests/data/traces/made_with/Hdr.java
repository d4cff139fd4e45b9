import java.io.*;
import java.util.*;
import org.HdrHistogram.*;

/** A crude jHiccup: sleeps 1 ms, records the excess, one interval histogram each 250 ms; a tagged second series of squared values. */
public final class Hdr {
    public static void main(String[] args) throws Exception {
        long millis = Long.parseLong(args[0]);
        Recorder recorder = new Recorder(3600L * 1000 * 1000 * 1000, 2);
        HistogramLogWriter log = new HistogramLogWriter(new File(args[1]));
        boolean tagged = args.length > 3;
        log.outputComment("[Logged by Hdr, HdrHistogram 2.1.11]");
        long began = System.currentTimeMillis();
        log.outputStartTime(began);
        log.setBaseTime(began);
        log.outputLegend();
        Histogram total = new Histogram(3600L * 1000 * 1000 * 1000, 2);
        Thread idle = new Thread(() -> {
            long shortest = Long.MAX_VALUE;
            long before = System.nanoTime();
            while (true) {
                try { Thread.sleep(1); } catch (InterruptedException e) { return; }
                long now = System.nanoTime();
                long taken = now - before;
                before = now;
                if (taken < shortest) shortest = taken;
                recorder.recordValueWithExpectedInterval(taken - shortest, 1_000_000L);
            }
        });
        idle.start();
        long end = began + millis;
        Histogram interval = null;
        int n = 0;
        StringBuilder facts = new StringBuilder();
        while (System.currentTimeMillis() < end) {
            Thread.sleep(250);
            interval = recorder.getIntervalHistogram(interval);
            total.add(interval);
            if (n == 10) { byte[][] fill = new byte[40][]; for (int i = 0; i < 40; i++) { fill[i] = new byte[4 << 20]; System.gc(); } }
            log.outputIntervalHistogram(interval);
            n++;
            if (tagged) { Histogram t = interval.copyCorrectedForCoordinatedOmission(5_000_000L); t.setTag("corrected"); log.outputIntervalHistogram(t); }
        }
        idle.interrupt();
        log.close();
        try (PrintStream out = new PrintStream(new FileOutputStream(args[2] + ".hgrm"))) { total.outputPercentileDistribution(out, 5, 1e6, false); }
        try (PrintStream out = new PrintStream(new FileOutputStream(args[2] + ".csv"))) { total.outputPercentileDistribution(out, 5, 1e6, true); }
    }
}
