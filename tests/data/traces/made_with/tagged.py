"""Heartbeats in 802.1Q frames, built by hand because the kernel has no VLAN device; sent over a veth pair."""

import socket
import struct
import sys
import time

tags, count = bytes.fromhex(sys.argv[1]), int(sys.argv[2])
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
s.bind(("eth0", 0))


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total & 0xFFFF) + (total >> 16)
    return ~(total + (total >> 16)) & 0xFFFF


start = time.monotonic()
for n in range(count):
    time.sleep(max(0, start + n * 0.02 - time.monotonic()))
    body = struct.pack("!4sIQ", b"BEAT", n, time.time_ns())
    udp = struct.pack("!HHHH", 40001, 7001, 8 + len(body), 0) + body
    ip = struct.pack(
        "!BBHHHBBH4s4s",
        0x45,
        0,
        20 + len(udp),
        n,
        0,
        64,
        17,
        0,
        socket.inet_aton("198.18.0.3"),
        socket.inet_aton("198.18.0.1"),
    )
    ip = ip[:10] + struct.pack("!H", checksum(ip)) + ip[12:]
    s.send(b"\x02\0\0\0\0\x01\x02\0\0\0\0\x03" + tags + b"\x08\0" + ip + udp)
