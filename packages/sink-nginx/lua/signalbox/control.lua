-- What Signalbox asks over the control socket.

local cjson = require "cjson.safe"
local process = require "ngx.process"
local store = require "signalbox.store"

local _M = {}

local function answer(status, body)
  ngx.status = status
  ngx.header["Content-Type"] = "application/json"
  ngx.print(cjson.encode(body))
  return ngx.exit(ngx.HTTP_OK)
end

local function read_body()
  ngx.req.read_body()
  local text = ngx.req.get_body_data()
  local path = not text and ngx.req.get_body_file()
  if path then
    local file = io.open(path, "r")
    text = file and file:read("*a")
    if file then
      file:close()
    end
  end
  return text
end

function _M.state()
  local state = store.state()
  state.master = process.get_master_pid()
  return answer(200, state)
end

function _M.entries()
  local state = store.state()
  -- An empty table would be encoded as an object, which is what it is here.
  return answer(200, { generation = state.generation, entries = store.entries() })
end

function _M.batch()
  local batch = cjson.decode(read_body() or "")
  if type(batch) ~= "table" or type(batch.set) ~= "table" or type(batch.delete) ~= "table" then
    return answer(400, { error = "not a batch" })
  end
  local ok, err = store.exclusively(function()
    return store.apply(batch)
  end)
  local state = store.state()
  state.master = process.get_master_pid()
  if ok then
    return answer(200, state)
  end
  state.error = err
  if err == "generation" or err == "busy" then
    return answer(409, state)
  end
  return answer(err == "no memory" and 507 or 500, state)
end

return _M
