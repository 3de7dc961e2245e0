-- What Signalbox asks over the control socket.

local cjson = require "cjson.safe"
local process = require "ngx.process"
local statistics = require "signalbox.statistics"
local store = require "signalbox.store"

local _M = {}

-- Of batches and entries: a line of JSON, then keys and texts on lines of their own. Another Signalbox than ours is told by it that it has to reload.
local protocol = 2

local function describe(state)
  state.master = process.get_master_pid()
  state.protocol = protocol
  return state
end

-- With its length, so that it goes out in one piece and is read in one.
local function send(status, content_type, text)
  ngx.status = status
  ngx.header["Content-Type"] = content_type
  ngx.header["Content-Length"] = #text
  ngx.print(text)
  return ngx.exit(ngx.HTTP_OK)
end

local function answer(status, body)
  return send(status, "application/json", cjson.encode(body))
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
  return text or ""
end

function _M.state()
  return answer(200, describe(store.state()))
end

function _M.entries()
  local state = describe(store.state())
  ngx.header["Content-Type"] = "text/plain"
  ngx.print(cjson.encode(state), "\n", store.entry_lines())
  return ngx.exit(ngx.HTTP_OK)
end

function _M.statistics()
  return send(200, "text/plain", statistics.lines(read_body()))
end

function _M.batch()
  local body = read_body()
  local ending = body:find("\n", 1, true)
  local head = ending and cjson.decode(body:sub(1, ending - 1))
  if type(head) ~= "table" then
    return answer(400, { error = "not a batch" })
  end
  local ok, err = store.exclusively(function()
    return store.apply(head, body, ending + 1)
  end)
  local state = describe(store.state())
  if ok then
    return answer(200, state)
  end
  state.error = err
  if err == "generation" or err == "configuration" or err == "busy" then
    return answer(409, state)
  end
  return answer(err == "not a batch" and 400 or err == "no memory" and 507 or 500, state)
end

return _M
