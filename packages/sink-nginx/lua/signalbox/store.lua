-- What Signalbox told this nginx: entries by key, in a shared dictionary. `h/<host>` holds the routes of a host, `u/<name>` an upstream,
-- `p/<port>` the upstream of a service port, `c/<name>` a certificate with its key, `n/<host>` the certificates for a handshake, each as JSON. The dictionary survives a reload; a cold start begins with the snapshot file.
--
-- Every worker compares the generation with that of what it decoded, on each request: once a batch was acknowledged, nothing older is used.

local cjson = require "cjson.safe"
local lrucache = require "resty.lrucache"

local dict = ngx.shared.signalbox
-- An entry that falls out is decoded again when it is needed.
local cache = lrucache.new(20000)

local _M = { config_hash = "" }

-- The decoded entry, or nil; and where a worker keeps whose turn it is, which outlives a change of the entry.
function _M.get(key)
  -- Before the entry: what changes in between is then found out of date by the next request.
  local generation = dict:get("generation")
  local cached = cache:get(key)
  if cached and cached.generation == generation then
    return cached.value, cached
  end
  local text = dict:get("k:" .. key)
  if not text then
    return nil
  end
  if cached and cached.text == text then
    cached.generation = generation
    return cached.value, cached
  end
  cached = { generation = generation, text = text, value = cjson.decode(text), turns = cached and cached.turns }
  cache:set(key, cached)
  return cached.value, cached
end

function _M.state()
  return {
    generation = dict:get("generation"),
    hash = _M.config_hash,
    freeBytes = dict:free_space(),
    capacityBytes = dict:capacity(),
  }
end

function _M.entries()
  local entries = {}
  for _, key in ipairs(dict:get_keys(0)) do
    if key:sub(1, 2) == "k:" then
      entries[key:sub(3)] = dict:get(key)
    end
  end
  return entries
end

-- Undoes what a batch did before it failed.
local function restore(before)
  for _, item in ipairs(before) do
    dict:delete(item.key)
  end
  for _, item in ipairs(before) do
    if item.text then
      dict:safe_set(item.key, item.text)
    end
  end
end

local function set(key, text, before)
  before[#before + 1] = { key = key, text = dict:get(key) }
  -- Never set(), which would drop other entries to make room.
  local ok, err = dict:safe_set(key, text)
  if not ok then
    restore(before)
    return nil, err
  end
  return true
end

-- All of the batch, or nothing of it. Upstreams come before the routes that lead to them, and go after them; so do certificates.
function _M.apply(batch)
  if dict:get("generation") ~= batch.base then
    return nil, "generation"
  end
  local before = {}
  for _, kind in ipairs({ "u/", "c/", "h/", "p/", "n/" }) do
    for key, text in pairs(batch.set) do
      if key:sub(1, 2) == kind then
        local ok, err = set("k:" .. key, text, before)
        if not ok then
          return nil, err
        end
      end
    end
  end
  for _, kind in ipairs({ "n/", "p/", "h/", "c/", "u/" }) do
    for _, key in ipairs(batch.delete) do
      if key:sub(1, 2) == kind then
        dict:delete("k:" .. key)
      end
    end
  end
  local ok, err = set("generation", batch.generation, before)
  if not ok then
    return nil, err
  end
  return true
end

-- One batch at a time, also when the worker that held the lock died.
function _M.exclusively(work)
  if not dict:add("lock", true, 10) then
    return nil, "busy"
  end
  local ok, result, err = pcall(work)
  dict:delete("lock")
  if not ok then
    return nil, result
  end
  return result, err
end

-- Only into an empty dictionary: a reload finds it filled.
function _M.load_snapshot(path)
  if dict:get("generation") then
    return
  end
  local file = io.open(path, "r")
  local snapshot = file and cjson.decode(file:read("*a"))
  if file then
    file:close()
  end
  if type(snapshot) == "table" and type(snapshot.entries) == "table" then
    for key, text in pairs(snapshot.entries) do
      local ok, err = dict:safe_set("k:" .. key, text)
      if not ok then
        ngx.log(ngx.ERR, "signalbox: the snapshot does not fit: ", err)
        break
      end
    end
  end
  -- Not that of the snapshot: whoever knew the process before the restart shall see that it is another one.
  dict:safe_set("generation", "start-" .. ngx.time() .. "-" .. ngx.worker.pid())
end

return _M
