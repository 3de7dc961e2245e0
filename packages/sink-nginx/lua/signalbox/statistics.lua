-- What is counted of requests, by upstream and by endpoint. Each worker adds up for itself and tells the dictionary once a second, so that a request costs
-- additions in the worker's own memory. The dictionary forgets what was not counted for the longest time when it is full; it survives a reload.

local connections = require "signalbox.connections"

local dict = ngx.shared.signalbox_statistics

local _M = {}

local interval_seconds = 1

-- By name: counts since they were last told. An endpoint's name is `<upstream>/<server>`.
local untold = {}
-- By name of an endpoint: requests in flight in this worker, as they were last told.
local told_active = {}

local function count(name, field)
  local counts = untold[name]
  if not counts then
    counts = {}
    untold[name] = counts
  end
  counts[field] = (counts[field] or 0) + 1
end

local function active_key(pid, name)
  return "a/" .. pid .. "/" .. name
end

local function tell_active(active)
  local pid = ngx.worker.pid()
  for name in pairs(told_active) do
    if not active[name] then
      dict:delete(active_key(pid, name))
      told_active[name] = nil
    end
  end
  for name, number in pairs(active) do
    if told_active[name] ~= number then
      dict:set(active_key(pid, name), number)
      told_active[name] = number
    end
  end
end

local function tell(active)
  if next(untold) then
    for name, counts in pairs(untold) do
      for field, number in pairs(counts) do
        dict:incr(name .. "/" .. field, number, 0)
      end
    end
    untold = {}
  end
  tell_active(active)
end

-- `active` is the worker's own table of requests in flight, by name of the endpoint.
function _M.start(active)
  _M.active = active
  -- Called at once when the worker begins to end, too.
  ngx.timer.every(interval_seconds, function()
    tell(active)
  end)
end

-- An attempt that failed: the endpoint could not be reached, or did not begin to answer.
function _M.failed(upstream, endpoint, seconds)
  count(upstream, "failed")
  count(endpoint, "failed")
  dict:set(endpoint .. "/down", true, seconds)
end

function _M.retried(upstream, endpoint)
  count(upstream, "retried")
  count(endpoint, "retried")
end

-- At the end of a request; without an endpoint when none could take it.
function _M.finished(upstream, endpoint, status)
  local class = math.floor(status / 100)
  count(upstream, class)
  if endpoint then
    count(endpoint, class)
  end
  -- Timers of a worker that ends have all run.
  if ngx.worker.exiting() then
    tell(_M.active)
  end
end

local fields = { 1, 2, 3, 4, 5, "failed", "retried" }

-- Answers by class, failed attempts, attempts that followed a failed one, requests in flight, and whether it is passed over.
local function read(name, pids)
  local numbers = {}
  for index, field in ipairs(fields) do
    numbers[index] = dict:get(name .. "/" .. field) or 0
  end
  local active = 0
  for _, pid in ipairs(pids) do
    active = active + (dict:get(active_key(pid, name)) or 0)
  end
  numbers[#numbers + 1] = active
  numbers[#numbers + 1] = dict:get(name .. "/down") and 1 or 0
  return table.concat(numbers, " ")
end

-- One line of numbers for each line of names. Gives way to requests in between.
function _M.lines(names)
  tell(_M.active)
  local pids = connections.pids()
  local lines, number = {}, 0
  for name in names:gmatch("[^\n]+") do
    number = number + 1
    lines[number] = read(name, pids)
    if number % 500 == 0 then
      ngx.sleep(0)
    end
  end
  lines[number + 1] = ""
  return table.concat(lines, "\n")
end

return _M
