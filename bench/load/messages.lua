-- Requests are the lines of a file, made beforehand: the query, a tab, the body. Each thread takes every so-manieth line.
local threads = {}

function setup(thread)
  thread:set("id", #threads)
  table.insert(threads, thread)
end

function init(args)
  lines, count = {}, 0
  for line in io.lines(args[1]) do table.insert(lines, line) end
  step = tonumber(args[2])
end

function request()
  local line = lines[(id + count * step) % #lines + 1]
  count = count + 1
  local tab = line:find("\t", 1, true)
  return wrk.format("POST", "/wechat?" .. line:sub(1, tab - 1), {["Content-Type"] = "text/xml"}, line:sub(tab + 1))
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
