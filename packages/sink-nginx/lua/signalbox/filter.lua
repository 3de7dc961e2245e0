-- What the requests of a route go through: authentication, redirect, edits of headers, rewrite.

local ffi = require "ffi"

pcall(ffi.cdef, "char *crypt(const char *phrase, const char *setting);")

local _M = {}

local function is_user(users, header)
  local encoded = header and header:match("^%s*[Bb][Aa][Ss][Ii][Cc]%s+(%S+)%s*$")
  local text = encoded and ngx.decode_base64(encoded)
  local name, password = (text or ""):match("^([^:]*):(.*)$")
  local hash = name and users[name]
  if not hash then
    return false
  end
  local crypted = ffi.C.crypt(password, hash)
  return crypted ~= nil and ffi.string(crypted) == hash
end

function _M.authenticate(auth)
  if is_user(auth.users, ngx.var.http_authorization) then
    return
  end
  ngx.header["WWW-Authenticate"] = 'Basic realm="' .. auth.realm .. '"'
  return ngx.exit(401)
end

-- As we know it where TLS ends here; else as whoever ends it in front of us says.
local function is_https()
  return (ngx.var.signalbox_forwarded_proto or ngx.var.http_x_forwarded_proto or ""):lower() == "https"
end

function _M.redirect(redirect, target)
  -- Nothing but the scheme changes: a request that came by it would be redirected for ever.
  if redirect.onlyScheme and is_https() == (redirect.scheme == "https") then
    return
  end
  local location = (redirect.path or target.path) .. target.query
  if redirect.origin then
    local header = ngx.var.http_host or ""
    local host, port = header:match("^(.-):(%d+)$")
    host = redirect.hostname or host or header
    if redirect.port then
      port = redirect.port
    elseif not redirect.keepsPort then
      port = nil
    end
    location = (redirect.scheme and redirect.scheme .. ":" or "") .. "//" .. host .. (port and ":" .. port or "") .. location
  end
  ngx.header["Location"] = location
  return ngx.exit(redirect.status)
end

local function add_request_header(name, value)
  local now = ngx.req.get_headers(0)[name]
  if now == nil then
    ngx.req.set_header(name, value)
  elseif type(now) == "table" then
    now[#now + 1] = value
    ngx.req.set_header(name, now)
  else
    ngx.req.set_header(name, { now, value })
  end
end

function _M.edit_request(edits)
  for _, name in ipairs(edits.remove) do
    ngx.req.clear_header(name)
  end
  for _, write in ipairs(edits.set) do
    ngx.req.set_header(write.name, write.value)
  end
  for _, write in ipairs(edits.add) do
    add_request_header(write.name, write.value)
  end
end

function _M.edit_response(edits)
  for _, name in ipairs(edits.remove) do
    ngx.header[name] = nil
  end
  for _, write in ipairs(edits.set) do
    ngx.header[write.name] = write.value
  end
  for _, write in ipairs(edits.add) do
    local now = ngx.header[write.name]
    if now == nil then
      ngx.header[write.name] = write.value
    elseif type(now) == "table" then
      now[#now + 1] = write.value
      ngx.header[write.name] = now
    else
      ngx.header[write.name] = { now, write.value }
    end
  end
end

function _M.rewrite(rewrite, path)
  if rewrite.path then
    return rewrite.path
  end
  local prefix = rewrite.prefix
  if not prefix then
    return path
  end
  local rest = path:sub(#prefix.from + 1)
  if prefix.to == "" then
    return "/" .. rest:gsub("^/+", "")
  end
  return prefix.to .. rest
end

return _M
