/** Four threads allocate as fast as they can into a small heap, with a live set, until told to stop. */
public final class Burst {
    static volatile Object sink;
    public static void main(String[] args) throws Exception {
        long end = System.nanoTime() + Long.parseLong(args[0]) * 1_000_000L;
        byte[][] live = new byte[Integer.parseInt(args[1])][];
        for (int i = 0; i < live.length; i++) live[i] = new byte[1024];
        Thread[] threads = new Thread[4];
        for (int t = 0; t < 4; t++) {
            threads[t] = new Thread(() -> {
                int i = 0;
                while (System.nanoTime() < end) { live[i++ % live.length] = new byte[1024]; sink = new byte[4096]; }
            }, "allocator-" + t);
            threads[t].start();
        }
        for (Thread thread : threads) thread.join();
    }
}
