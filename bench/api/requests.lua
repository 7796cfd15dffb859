-- wrk's part: asks for the paths of a file in turn, and prints what came of it as JSON.
local requests, at = {}, 0

function init(args)
   for path in io.lines(args[1]) do
      requests[#requests + 1] = wrk.format("GET", path)
   end
end

function request()
   at = at % #requests + 1
   return requests[at]
end

function done(summary, latency, _)
   local errors = summary.errors
   io.write(string.format(
      'JSON {"requests": %d, "seconds": %f, "p50": %f, "p95": %f, "p99": %f, "errors": %d}\n',
      summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(95) / 1e3,
      latency:percentile(99) / 1e3,
      errors.connect + errors.read + errors.write + errors.status + errors.timeout
   ))
end
