-- What bench.py reads: one line of numbers after a run of wrk.
-- With fields of requests in CX_VARIANTS (one a line, "Accept|Accept-Encoding"), they take turns.

local variants = {}
for accept, coding in (os.getenv("CX_VARIANTS") or ""):gmatch("([^|\n]*)|([^\n]*)") do
  variants[#variants + 1] = {accept, coding}
end

if #variants > 0 then
  local turn, requests = 0, {}
  function request()
    if #requests == 0 then
      for index, variant in ipairs(variants) do
        requests[index] = wrk.format("GET", nil, {
          ["Host"] = wrk.headers["Host"],
          ["Accept"] = variant[1],
          ["Accept-Encoding"] = variant[2]
        })
      end
    end
    turn = turn % #requests + 1
    return requests[turn]
  end
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format("\nresult %d %d %d %d %d %.1f %.1f\n",
    summary.requests, summary.duration, summary.bytes,
    errors.status, errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50), latency:percentile(99)))
end
