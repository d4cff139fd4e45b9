"""A wire with delay, loss, duplicates and reordering between two interfaces of one network namespace.

Frames read on one side are written to the other after a random time.  Neighbour discovery and ARP pass untouched.
"""

import heapq
import random
import select
import socket
import sys
import time

a, b, mean_ms, sd_ms, loss, dup, seconds, seed = (
    sys.argv[1],
    sys.argv[2],
    *map(float, sys.argv[3:8]),
    int(sys.argv[8]),
)
rng = random.Random(seed)
socks = {}
for name in (a, b):
    s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
    s.bind((name, 0))
    s.setblocking(False)
    socks[name] = s
heap, n, end = [], 0, time.monotonic() + seconds
while time.monotonic() < end:
    wait = min(0.5, max(0.0, heap[0][0] - time.monotonic())) if heap else 0.5
    ready, _, _ = select.select(list(socks.values()), [], [], wait)
    for name, other in ((a, b), (b, a)):
        if socks[name] in ready:
            frame, address = socks[name].recvfrom(65535)
            if address[2] == socket.PACKET_OUTGOING:
                continue
            plain = frame[12:14] == b"\x08\x06" or (
                frame[12:14] == b"\x86\xdd" and frame[20] == 58 and 133 <= frame[54] <= 137
            )
            copies = 1
            if not plain and loss and rng.random() < loss:
                copies = 0
            elif not plain and dup and rng.random() < dup:
                copies = 2
            for _ in range(copies):
                delay = 0.0 if plain else max(0.0, rng.gauss(mean_ms, sd_ms)) / 1e3
                n += 1
                heapq.heappush(heap, (time.monotonic() + delay, n, other, frame))
    while heap and heap[0][0] <= time.monotonic():
        _, _, other, frame = heapq.heappop(heap)
        socks[other].send(frame)
