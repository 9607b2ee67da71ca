-- Every request is an appeal of its own, filed over the JSON interface.
local threads = {}

function setup(thread)
  thread:set("id", #threads)
  table.insert(threads, thread)
end

function init(args)
  count = 0
end

function request()
  count = count + 1
  local body = string.format('{"text": "load %d-%d: the lamp in Example Road has been dark for three days"}', id, count)
  return wrk.format("POST", "/api/v1/appeals", {["Content-Type"] = "application/json"}, body)
end

function done(summary, latency, requests)
  local sent = 0
  for _, thread in ipairs(threads) do sent = sent + thread:get("count") end
  local errors = summary.errors
  io.write(string.format(
    'RESULT {"requests": %d, "sent": %d, "microseconds": %d, "p50": %d, "p99": %d, "max": %d, "refused": %d, "broken": %d}\n',
    summary.requests, sent, summary.duration, latency:percentile(50), latency:percentile(99), latency.max, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout))
end
