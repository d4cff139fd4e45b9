"""beat.py udp|tcp|udpecho|tcpecho  client|server  HOST PORT COUNT PERIOD"""

import socket
import struct
import sys
import threading
import time

kind, role, host, port, count, period = (
    sys.argv[1],
    sys.argv[2],
    sys.argv[3],
    int(sys.argv[4]),
    int(sys.argv[5]),
    float(sys.argv[6]),
)
fam = socket.AF_INET6 if ":" in host else socket.AF_INET
udp = kind.startswith("udp")


def payload(n):
    return struct.pack("!4sIQ", b"BEAT", n, time.time_ns())


if role == "server":
    s = socket.socket(fam, socket.SOCK_DGRAM if udp else socket.SOCK_STREAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind((host, port))
    if udp:
        while True:
            data, a = s.recvfrom(2048)
            if kind.endswith("echo"):
                s.sendto(data, a)
    s.listen()
    c, _ = s.accept()
    while data := c.recv(2048):
        if kind.endswith("echo"):
            c.sendall(data)
else:
    s = socket.socket(fam, socket.SOCK_DGRAM if udp else socket.SOCK_STREAM)
    s.connect((host, port))
    if not udp:
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    s.settimeout(0.5)
    if kind.endswith("echo"):

        def drain():
            while True:
                try:
                    s.recv(2048)
                except OSError:
                    return

        threading.Thread(target=drain, daemon=True).start()
    start = time.monotonic()
    for n in range(count):
        time.sleep(max(0, start + n * period - time.monotonic()))
        s.send(payload(n))
    time.sleep(0.4)
