-- Requests in flight by endpoint, of all workers, for `maxConnections`. Each worker counts under its own pid, so that what one that crashed left
-- behind is not counted.

local dict = ngx.shared.signalbox_connections

local _M = {}

local function pid_of(id)
  return dict:get("w/" .. id)
end

function _M.register()
  local id = ngx.worker.id()
  if id then
    dict:set("w/" .. id, ngx.worker.pid())
  end
end

-- Of the workers that take connections.
function _M.pids()
  local pids = {}
  for id = 0, ngx.worker.count() - 1 do
    pids[#pids + 1] = pid_of(id)
  end
  return pids
end

function _M.count(name)
  local total = 0
  for id = 0, ngx.worker.count() - 1 do
    total = total + (dict:get(name .. "/" .. (pid_of(id) or "")) or 0)
  end
  return total
end

function _M.enter(name)
  dict:incr(name .. "/" .. ngx.worker.pid(), 1, 0)
end

function _M.leave(name)
  local key = name .. "/" .. ngx.worker.pid()
  if (dict:incr(key, -1, 0) or 0) <= 0 then
    dict:delete(key)
  end
end

return _M
