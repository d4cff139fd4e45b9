import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Allocates for some seconds: short-lived arrays, a live set that turns over, and asks for a collection now and then. */
public final class Alloc {
    public static void main(String[] args) throws Exception {
        long millis = Long.parseLong(args[0]);
        int live = Integer.parseInt(args[1]);
        boolean ask = args.length > 2 && args[2].equals("system.gc");
        List<byte[]> held = new ArrayList<>();
        for (int i = 0; i < live; i++) held.add(new byte[1024]);
        Random random = new Random(1);
        long end = System.nanoTime() + millis * 1_000_000L;
        int round = 0;
        while (System.nanoTime() < end) {
            for (int i = 0; i < 600; i++) held.set(random.nextInt(live), new byte[256 + random.nextInt(1536)]);
            if (ask && ++round % 200 == 0) System.gc();
            Thread.sleep(5);
        }
    }
}
