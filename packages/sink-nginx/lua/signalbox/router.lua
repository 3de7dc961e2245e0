-- Which rule a request takes: the exact host, then the longer wildcard, then any host; there the exact path, then the longest prefix; there the
-- first rule whose conditions hold. The order within a spot is that of the list.

local store = require "signalbox.store"

local byte, find, lower, sub = string.byte, string.find, string.lower, string.sub

local _M = {}

-- Path and query as the client sent them, without scheme and host of a request in absolute form.
function _M.target()
  local uri = ngx.var.request_uri
  if byte(uri, 1) ~= 47 then
    local start = find(uri, "/", (find(uri, "://", 1, true) or 0) + 3, true)
    uri = start and sub(uri, start) or "/"
  end
  local question = find(uri, "?", 1, true)
  if question then
    return sub(uri, 1, question - 1), sub(uri, question)
  end
  return uri, ""
end

function _M.host()
  local host = ngx.var.http_host or ""
  local colon = find(host, ":", 1, true)
  return lower(colon and sub(host, 1, colon - 1) or host)
end

local function matches(condition, value)
  if condition.type == "regex" then
    return ngx.re.find(value, condition.value, "jo") ~= nil
  end
  return value == condition.value
end

local function any_matches(condition, values)
  if type(values) ~= "table" then
    values = { values }
  end
  for _, value in ipairs(values) do
    -- A parameter without a value is true in this API.
    if matches(condition, value == true and "" or value) then
      return true
    end
  end
  return false
end

local function holds(condition, path)
  local on = condition.on
  if on == "method" then
    local method = ngx.req.get_method()
    for _, wanted in ipairs(condition.methods) do
      if wanted == method then
        return true
      end
    end
    return false
  end
  if on == "tls" then
    return ngx.var.https == "on"
  end
  if on == "path" then
    return matches(condition, path)
  end
  if on == "header" then
    return any_matches(condition, ngx.req.get_headers(0)[condition.name])
  end
  return any_matches(condition, ngx.req.get_uri_args(0)[condition.name])
end

local function first(rules, path)
  for _, rule in ipairs(rules or {}) do
    local all = true
    for _, condition in ipairs(rule["if"]) do
      if not holds(condition, path) then
        all = false
        break
      end
    end
    if all then
      return rule
    end
  end
end

local function find_in(host, path)
  local routes = store.get("h/" .. host)
  if not routes then
    return nil
  end
  local rule = first(routes.exact[path], path)
  if rule then
    return rule
  end
  local whole = path .. "/"
  -- No prefix is longer than that, however many slashes a request has.
  for last = math.min(#whole, routes.longest), 1, -1 do
    if byte(whole, last) == 47 then
      rule = first(routes.prefix[sub(whole, 1, last)], path)
      if rule then
        return rule
      end
    end
  end
end

function _M.find(host, path)
  local rule = find_in(host, path)
  local dot = not rule and find(host, ".", 1, true)
  while dot do
    rule = find_in("*" .. sub(host, dot), path)
    dot = not rule and find(host, ".", dot + 1, true)
  end
  return rule or find_in("*", path)
end

return _M
