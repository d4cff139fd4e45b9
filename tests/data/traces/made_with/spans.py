"""Real spans of the OpenTelemetry SDK around heartbeats over loopback UDP; each export is one ExportTraceServiceRequest, one JSON line."""

import base64
import json
import random
import socket
import threading
import time
from pathlib import Path

from google.protobuf import json_format
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult


def as_hex(node):
    # OTLP/JSON writes ids as hex where protobuf's JSON writes base64: the collector's file exporter does the same
    if isinstance(node, dict):
        return {
            k: base64.b64decode(v).hex()
            if k in ("traceId", "spanId", "parentSpanId")
            else as_hex(v)
            for k, v in node.items()
        }
    return [as_hex(x) for x in node] if isinstance(node, list) else node


class Lines(SpanExporter):
    def export(self, spans):
        message = encode_spans(spans)
        plain.write(json_format.MessageToJson(message, indent=None) + "\n")
        lines.write(
            json.dumps(
                as_hex(
                    json.loads(
                        json_format.MessageToJson(message, indent=None, use_integers_for_enums=True)
                    )
                ),
                separators=(",", ":"),
            )
            + "\n"
        )
        for s in spans:
            taken.append(
                (s.name, s.end_time - s.start_time, s.status.status_code.name, s.kind.name)
            )
        return SpanExportResult.SUCCESS


lines, plain, taken = (
    Path("otlp_spans.jsonl").open("w"),  # noqa: SIM115
    Path("otlp_spans_protobuf_json.jsonl").open("w"),  # noqa: SIM115
    [],
)
provider = TracerProvider(
    resource=Resource.create({"service.name": "heartbeats", "host.name": "node-a"})
)
provider.add_span_processor(
    BatchSpanProcessor(Lines(), max_export_batch_size=16, schedule_delay_millis=200)
)
tracer = provider.get_tracer("beat", "1.0")
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", 0))
rng = random.Random(3)


def serve():
    while True:
        data, who = server.recvfrom(100)
        with tracer.start_as_current_span("answer", kind=trace.SpanKind.SERVER) as span:
            span.set_attribute("seq", int(data))
            time.sleep(min(0.05, 0.002 * rng.lognormvariate(0, 1)))
            if rng.random() > 0.08:
                server.sendto(data, who)


threading.Thread(target=serve, daemon=True).start()
client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
client.settimeout(0.08)
client.connect(server.getsockname())
for n in range(60):
    with tracer.start_as_current_span("heartbeat", kind=trace.SpanKind.CLIENT) as span:
        span.set_attribute("seq", n)
        span.set_attribute("peer", "node-b")
        client.send(str(n).encode())
        try:
            client.recv(100)
        except TimeoutError as error:
            span.record_exception(
                error, attributes={"exception.stacktrace": "TimeoutError: timed out"}
            )
            span.set_status(trace.Status(trace.StatusCode.ERROR, "timed out"))
    time.sleep(0.02)
provider.shutdown()
lines.close()
plain.close()
with Path("true.txt").open("w") as out:
    for name in ("heartbeat", "answer"):
        d = sorted(t for n, t, *_ in taken if n == name)
        out.write(
            f"{name} spans {len(d)} sum_ns {sum(d)} max_ns {d[-1]} min_ns {d[0]} errors {sum(1 for n, _, s, _ in taken if n == name and s == 'ERROR')}\n"
        )
