-- Which endpoint of an upstream a request goes to. What is counted here (turns, failures) is each worker's own.

local balancer = require "ngx.balancer"
local connections = require "signalbox.connections"
local statistics = require "signalbox.statistics"
local store = require "signalbox.store"

local _M = {}

-- How long an endpoint that could not be reached is passed over, as nginx's own `fail_timeout`.
local fail_seconds = 10

-- By name of the endpoint: until when it is passed over, and its requests in flight. Both outlive a change of the upstream.
local failed_until = {}
local in_flight = {}

-- Those in flight by upstream and endpoint, to be told.
local active = {}

local function is_usable(server, tried, upstream, now)
  if tried[server.name] then
    return false
  end
  local failed = failed_until[server.name]
  if failed then
    if failed > now then
      return false
    end
    failed_until[server.name] = nil
  end
  return not upstream.maxConnections or connections.count(server.name) < upstream.maxConnections
end

local function find_by_name(upstream, name)
  for _, server in ipairs(upstream.servers) do
    if server.name == name then
      return server
    end
  end
end

-- Smooth weighted round robin: the turns are spread, and shares are exact after each full round.
local function next_in_turn(servers, turns)
  local total, best = 0, nil
  for _, server in ipairs(servers) do
    local turn = (turns[server.name] or 0) + server.weight
    turns[server.name] = turn
    total = total + server.weight
    if not best or turn > turns[best.name] then
      best = server
    end
  end
  turns[best.name] = turns[best.name] - total
  return best
end

local function least_loaded(servers, turns)
  local least, lowest = {}, nil
  for _, server in ipairs(servers) do
    local load = (in_flight[server.name] or 0) / server.weight
    if not lowest or load < lowest then
      least, lowest = { server }, load
    elseif load == lowest then
      least[#least + 1] = server
    end
  end
  return next_in_turn(least, turns)
end

local function at_random(servers)
  local total = 0
  for _, server in ipairs(servers) do
    total = total + server.weight
  end
  local point = math.random() * total
  for _, server in ipairs(servers) do
    point = point - server.weight
    if point < 0 then
      return server
    end
  end
  return servers[#servers]
end

-- Rendezvous hashing: an endpoint that comes or goes moves only its own share.
local function by_hash(servers, text)
  local best, highest
  for _, server in ipairs(servers) do
    local point = (ngx.crc32_long(text .. "\0" .. server.name) + 1) / 4294967297
    local score = -server.weight / math.log(point)
    if not highest or score > highest then
      best, highest = server, score
    end
  end
  return best
end

-- Kept when endpoints come and go, else every change would give the next turn to the first one again.
local function turns_of(upstream, entry)
  if entry.turns_for ~= upstream then
    local turns = {}
    for _, server in ipairs(upstream.servers) do
      turns[server.name] = entry.turns and entry.turns[server.name]
    end
    entry.turns, entry.turns_for = turns, upstream
  end
  return entry.turns
end

local function choose(servers, upstream, entry)
  local balance = upstream.balance
  if balance == "leastconn" then
    return least_loaded(servers, turns_of(upstream, entry))
  elseif balance == "random" then
    return at_random(servers)
  elseif balance == "source" then
    return by_hash(servers, ngx.var.remote_addr)
  elseif balance == "uri" then
    return by_hash(servers, ngx.ctx.path)
  end
  return next_in_turn(servers, turns_of(upstream, entry))
end

local function pick(upstream, entry, tried, wanted)
  local now = ngx.now()
  local sticky = wanted and find_by_name(upstream, wanted)
  if sticky and is_usable(sticky, tried, upstream, now) then
    return sticky
  end
  -- The second round takes what failed lately rather than nothing.
  for round = 1, 2 do
    for _, backup in ipairs({ false, true }) do
      local servers = {}
      for _, server in ipairs(upstream.servers) do
        if server.backup == backup and not server.draining and server.weight > 0 then
          if is_usable(server, tried, upstream, round == 1 and now or math.huge) then
            servers[#servers + 1] = server
          end
        end
      end
      if #servers > 0 then
        return choose(servers, upstream, entry)
      end
    end
  end
end

-- Forgets failures that are over, also of endpoints that went.
local function sweep()
  local now = ngx.now()
  for name, moment in pairs(failed_until) do
    if moment <= now then
      failed_until[name] = nil
    end
  end
end

-- Whether anybody could take a request. Asked before nginx begins to connect, where an answer can still be given.
function _M.can_serve(upstream, wanted)
  local tried = {}
  for _, server in ipairs(upstream.servers) do
    local takes = (not server.draining and server.weight > 0) or server.name == wanted
    if takes and is_usable(server, tried, upstream, math.huge) then
      return true
    end
  end
  return false
end

local function fail(ctx)
  failed_until[ctx.server] = ngx.now() + fail_seconds
  statistics.failed(ctx.upstream, ctx.endpoint, fail_seconds)
end

local function release(ctx)
  local name = ctx.server
  if name then
    in_flight[name] = in_flight[name] > 1 and in_flight[name] - 1 or nil
    local endpoint = ctx.endpoint
    active[endpoint] = active[endpoint] > 1 and active[endpoint] - 1 or nil
    if ctx.counted then
      connections.leave(name)
    end
    ctx.server = nil
  end
end

-- For each attempt of a request.
function _M.balance()
  local ctx = ngx.ctx
  local upstream, entry = store.get(ctx.upstream)
  if ctx.tried then
    fail(ctx)
    statistics.retried(ctx.upstream, ctx.endpoint)
    release(ctx)
  else
    ctx.tried = {}
  end
  local server = upstream and pick(upstream, entry, ctx.tried, ctx.wanted)
  if not server then
    return ngx.exit(503)
  end
  if not next(ctx.tried) and upstream.retries > 0 then
    balancer.set_more_tries(math.min(upstream.retries, #upstream.servers - 1))
  end
  ctx.tried[server.name] = true
  ctx.server = server.name
  ctx.counted = upstream.maxConnections ~= nil
  ctx.endpoint = ctx.upstream .. "/" .. server.name
  in_flight[server.name] = (in_flight[server.name] or 0) + 1
  active[ctx.endpoint] = (active[ctx.endpoint] or 0) + 1
  if ctx.counted then
    connections.enter(server.name)
  end
  local timeouts = upstream.timeouts
  balancer.set_timeouts(timeouts.connect, timeouts.send, timeouts.read)
  return balancer.set_current_peer(server.address, server.port)
end

-- At the end of the request.
function _M.finish()
  local ctx = ngx.ctx
  if not ctx.server then
    if ctx.upstream then
      statistics.finished(ctx.upstream, nil, ngx.status)
    end
    return
  end
  -- The last attempt failed when its endpoint did not even begin to answer. A client that left (499) says nothing of it.
  local status, began = ngx.status, ngx.var.upstream_header_time or ""
  if (status == 502 or status == 504) and began:sub(-1) == "-" then
    fail(ctx)
  end
  release(ctx)
  statistics.finished(ctx.upstream, ctx.endpoint, status)
end

function _M.start()
  ngx.timer.every(60, sweep)
  statistics.start(active)
end

return _M
