-- What Signalbox told this nginx: entries by key, in a shared dictionary. `h/<host>` holds the routes of a host, `u/<name>` an upstream,
-- `p/<port>` the upstream of a service port, `c/<name>` a certificate with its key, `n/<host>` the certificates for a handshake, each as JSON. The dictionary survives a reload; a cold start begins with the snapshot file.
--
-- Every worker compares the generation with that of what it decoded, on each request: once a batch was acknowledged, nothing older is used.

local cjson = require "cjson.safe"
local lrucache = require "resty.lrucache"

local byte, find, sub = string.byte, string.find, string.sub
local max = math.max

local dict = ngx.shared.signalbox
-- An entry that falls out is decoded again when it is needed.
local cache = lrucache.new(20000)

local _M = { config_hash = "" }

local function decode(text)
  local value = cjson.decode(text)
  if type(value) == "table" and value.servers then
    for _, server in ipairs(value.servers) do
      server.weight = server.weight or 1
      server.backup = server.backup or false
    end
  end
  return value
end

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
  cached = { generation = generation, text = text, value = decode(text), turns = cached and cached.turns }
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

-- Key and text of each entry, on lines of their own.
function _M.entry_lines()
  local lines, count = {}, 0
  for _, key in ipairs(dict:get_keys(0)) do
    if sub(key, 1, 2) == "k:" then
      lines[count + 1] = sub(key, 3)
      lines[count + 2] = "\n"
      lines[count + 3] = dict:get(key)
      lines[count + 4] = "\n"
      count = count + 4
    end
  end
  return lines
end

-- Undoes what a batch did before it failed.
local function restore(keys, texts, count)
  for index = 1, count do
    dict:delete(keys[index])
  end
  for index = 1, count do
    if texts[index] then
      dict:safe_set(keys[index], texts[index])
    end
  end
end

-- How many entries a batch has from `at` on, and how long the largest is with its key; nil when it is no batch.
local function measure(body, at)
  local count, largest, size = 0, 0, #body
  while at <= size do
    local stop = find(body, "\n", at, true)
    local marker = stop and byte(body, at)
    if marker == 107 then
      stop = find(body, "\n", stop + 1, true)
    elseif marker ~= 45 then
      return nil
    end
    if not stop then
      return nil
    end
    count, largest = count + 1, max(largest, stop - at)
    at = stop + 1
  end
  return count, largest
end

-- What the dictionary keeps beside key and text is less than that.
local node_bytes = 128
-- Smaller ones take the next power of two at most (ngx_slab.c: half of a page, which has 4096 bytes or more).
local slot_bytes = 2048
-- One page for each of these powers, of 64 KiB where pages are largest.
local spare_bytes = 1048576

local function surely_fits(count, largest, size)
  return largest + node_bytes <= slot_bytes and dict:free_space() >= 2 * (size + count * node_bytes) + spare_bytes
end

-- All of the batch, or nothing of it: `k:<key>` with the text on the next line, and `-<key>`, from `at` on. They come in the order in which they can
-- be made, one by one: what leads to others comes after them, and goes before them.
function _M.apply(head, body, at)
  if dict:get("generation") ~= head.base then
    return nil, "generation"
  end
  if head.hash ~= _M.config_hash then
    return nil, "configuration"
  end
  local size = #body
  local entries, largest = measure(body, at)
  if not entries then
    return nil, "not a batch"
  end
  -- Reading what was there before takes as long as everything else together, so it is read only where it may have to come back.
  local restorable = not surely_fits(entries, largest, size)
  local keys, texts, count = {}, {}, 0
  local function remember(key)
    if restorable then
      count = count + 1
      keys[count], texts[count] = key, dict:get(key) or false
    end
  end
  local function set(key, text)
    remember(key)
    -- Never set(), which would drop other entries to make room.
    return dict:safe_set(key, text)
  end
  local ok, err = true, nil
  while ok and at <= size do
    local stop = find(body, "\n", at, true)
    if byte(body, at) == 45 then
      local key = "k:" .. sub(body, at + 1, stop - 1)
      remember(key)
      ok, err = dict:delete(key)
    else
      -- The line is the key as the dictionary has it.
      local ending = find(body, "\n", stop + 1, true)
      ok, err = set(sub(body, at, stop - 1), sub(body, stop + 1, ending - 1))
      stop = ending
    end
    at = stop + 1
  end
  if ok then
    ok, err = set("generation", head.generation)
  end
  if not ok then
    restore(keys, texts, count)
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
