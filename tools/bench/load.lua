-- wrk sends one signed request over and over, and prints what came of it as JSON.
-- The request is a Lua table in the file that is named behind `--`.

function init(arguments)
  local request = dofile(arguments[1])
  wrk.method, wrk.headers, wrk.body = "POST", request.headers, request.body
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    '{"requests/s": %.1f, "median ms": %.2f, "p99 ms": %.2f, "worst ms": %.2f, "errors": %d}\n',
    summary.requests / summary.duration * 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, latency.max / 1e3,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
