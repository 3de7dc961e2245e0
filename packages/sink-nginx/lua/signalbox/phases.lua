-- The way of a request through nginx's phases.

local balancer = require "signalbox.balancer"
local certificates = require "signalbox.certificates"
local connections = require "signalbox.connections"
local filter = require "signalbox.filter"
local router = require "signalbox.router"
local store = require "signalbox.store"

local _M = {}

function _M.init(config_hash, snapshot)
  store.config_hash = config_hash
  store.load_snapshot(snapshot)
end

function _M.init_worker()
  connections.register()
  math.randomseed(ngx.worker.pid() * 7919 + ngx.time())
  balancer.start()
end

-- A service port leads to its upstream, everything else goes by its route.
local function find_rule(path)
  local upstream = store.get("p/" .. ngx.var.server_port)
  if upstream then
    return { to = upstream }
  end
  return router.find(router.host(), path)
end

local function wanted_server(upstream)
  return upstream.cookie and ngx.var["cookie_" .. upstream.cookie]
end

function _M.access()
  local path, query = router.target()
  local rule = find_rule(path)
  if not rule then
    return ngx.exit(404)
  end
  local upstream = store.get("u/" .. rule.to)
  if not upstream then
    return ngx.exit(503)
  end
  -- Whether certificates are verified cannot be said by a variable; the other location comes here again.
  if upstream.tls == "verified" and ngx.var.signalbox_verified ~= "1" then
    ngx.var.signalbox_verified = "1"
    return ngx.exec("@verified")
  end
  local ctx = ngx.ctx
  ctx.path = path
  local actions = rule["do"]
  if actions then
    ctx.response_edits = actions.responseHeaders
    if actions.deny then
      return ngx.exit(403)
    end
    if actions.auth then
      filter.authenticate(actions.auth)
    end
    if actions.redirect then
      filter.redirect(actions.redirect, { path = path, query = query })
    end
    if actions.requestHeaders then
      filter.edit_request(actions.requestHeaders)
    end
    if actions.rewrite then
      path = filter.rewrite(actions.rewrite, path)
      if actions.rewrite.hostname then
        ngx.var.signalbox_host = actions.rewrite.hostname
      end
    end
  end
  ctx.upstream = "u/" .. rule.to
  ctx.wanted = wanted_server(upstream)
  if not balancer.can_serve(upstream, ctx.wanted) then
    return ngx.exit(503)
  end
  ctx.cookie = upstream.cookie
  ngx.var.signalbox_uri = path .. query
  if upstream.tls then
    ngx.var.signalbox_scheme = "https"
    ngx.var.signalbox_upstream = "signalbox_tls"
    ngx.var.signalbox_tls_name = upstream.serverName or router.host()
  end
end

-- The endpoint that answers keeps its client.
local function set_cookie(ctx)
  local now = ngx.header["Set-Cookie"]
  local cookie = ctx.cookie .. "=" .. ctx.server .. "; path=/; HttpOnly"
  if now == nil then
    ngx.header["Set-Cookie"] = cookie
  elseif type(now) == "table" then
    now[#now + 1] = cookie
    ngx.header["Set-Cookie"] = now
  else
    ngx.header["Set-Cookie"] = { now, cookie }
  end
  ngx.header["Cache-Control"] = "private"
end

function _M.header_filter()
  local ctx = ngx.ctx
  if ctx.response_edits and ctx.server then
    filter.edit_response(ctx.response_edits)
  end
  if ctx.cookie and ctx.server and ctx.wanted ~= ctx.server then
    set_cookie(ctx)
  end
end

_M.balance = balancer.balance
_M.finish = balancer.finish
_M.handshake = certificates.handshake

return _M
