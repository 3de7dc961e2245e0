-- Which certificates a handshake is shown: those for its name, one of each kind of key, from which OpenSSL takes the one that the client can use.

local ssl = require "ngx.ssl"
local store = require "signalbox.store"

local _M = {}

local function find_names(name)
  if not name then
    return nil
  end
  name = name:lower():gsub("%.$", "")
  local names = store.get("n/" .. name)
  if names then
    return names
  end
  -- A wildcard is for one label.
  local dot = name:find(".", 1, true)
  return dot and store.get("n/*" .. name:sub(dot))
end

-- Taken apart once for each worker; a new version is another table.
local function parse(certificate)
  local parsed = certificate.parsed
  if not parsed then
    local chain, chain_error = ssl.parse_pem_cert(certificate.pem)
    local key, key_error = ssl.parse_pem_priv_key(certificate.pem)
    if not chain or not key then
      return nil, chain_error or key_error
    end
    parsed = { chain = chain, key = key }
    certificate.parsed = parsed
  end
  return parsed
end

local function show(name)
  local certificate = store.get("c/" .. name)
  if not certificate then
    return nil, "it is not there"
  end
  local parsed, err = parse(certificate)
  if not parsed then
    return nil, err
  end
  local ok
  ok, err = ssl.set_cert(parsed.chain)
  if not ok then
    return nil, err
  end
  return ssl.set_priv_key(parsed.key)
end

-- With `strict`, a client that names no host that is known gets no certificate.
function _M.handshake(strict)
  local name = ssl.server_name()
  local names = find_names(name) or (not strict and store.get("n/*"))
  local shown = 0
  ssl.clear_certs()
  for _, certificate in ipairs(names or {}) do
    local ok, err = show(certificate)
    if ok then
      shown = shown + 1
    else
      ngx.log(ngx.ERR, "signalbox: the certificate ", certificate, " cannot be shown: ", err)
    end
  end
  if shown == 0 then
    return ngx.exit(ngx.ERROR)
  end
end

return _M
