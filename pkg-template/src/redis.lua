-- The sliding log of one class of an account, as in src/engine/limits/shared.rs: one script, so that nobody comes between.
--   KEYS[1] the log: a list of `ticket:time`; KEYS[2] a hash of what else is known
--   ARGV: what is asked (grant, again, close, release), then numbers
local clock = redis.call('TIME')
local now = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)
local log, facts = KEYS[1], KEYS[2]

local function fact(name) return tonumber(redis.call('HGET', facts, name) or '0') end

-- A clock that goes back makes no time pass.
local seen = fact('seen')
local back = seen > now and seen - now or 0

local entries = {}
for place, entry in ipairs(redis.call('LRANGE', log, 0, -1)) do
  local ticket, at = string.match(entry, '^(%d+):(%-?[%d.]+)$')
  entries[place] = { ticket = ticket, at = tonumber(at) - back }
end
local closed, slow = fact('closed') - back, fact('slow') - back

local function span(per) return per + math.min(per / 20, 1000) end

-- The limits in use: the stricter of several holds as long as one of its calls is within its window.
local rules, longest, gap = {}, 0, 0
local function rule(requests, per)
  rules[#rules + 1] = { requests = requests, span = span(per) }
  longest = math.max(longest, span(per))
  gap = math.max(gap, 2 * span(per) / requests)
end
for _, name in ipairs(redis.call('HKEYS', facts)) do
  local requests, per = string.match(name, '^rule:(%d+):([%d.]+)$')
  if requests then
    if fact(name) - back + span(tonumber(per)) > now then rule(tonumber(requests), tonumber(per)) else redis.call('HDEL', facts, name) end
  end
end

local function earliest(place, late)
  local at = math.max(now, closed)
  local previous = entries[place - 1] and entries[place - 1].at or -math.huge
  if previous > now + late then at = math.max(at, previous) end
  for _, one in ipairs(rules) do
    local before = entries[place - one.requests]
    if before then at = math.max(at, before.at + one.span) end
  end
  if at < slow then at = math.max(at, math.min(previous + gap, slow)) end
  return at
end

local function save()
  -- What has left every window matters no more.
  local first = 1
  while entries[first] and entries[first].at + longest <= now do first = first + 1 end
  redis.call('DEL', log)
  local last = now
  for place = first, #entries do
    redis.call('RPUSH', log, entries[place].ticket .. ':' .. string.format('%.3f', entries[place].at))
    last = math.max(last, entries[place].at)
  end
  redis.call('HSET', facts, 'seen', now, 'closed', string.format('%.3f', closed), 'slow', string.format('%.3f', slow))
  local keep = math.ceil(math.max(last, closed, slow) - now + longest) + 60000
  redis.call('PEXPIRE', log, keep)
  redis.call('PEXPIRE', facts, keep)
end

-- A place that was not used makes room for those who come later; others keep the times that they were told.
local function drop(ticket)
  for place = #entries, 1, -1 do
    if entries[place].ticket == ticket then return table.remove(entries, place) end
  end
end

local asked = ARGV[1]
if asked == 'grant' then
  local requests, per, late = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
  drop(ARGV[5])
  if #entries >= 20000 then return { '0', '-1', tostring(now) } end
  local name = 'rule:' .. ARGV[2] .. ':' .. ARGV[3]
  if redis.call('HEXISTS', facts, name) == 0 then rule(requests, per) end
  local place = #entries + 1
  local previous = entries[#entries] and entries[#entries].at or now
  local ticket = redis.call('HINCRBY', facts, 'ticket', 1)
  local at = earliest(place, late)
  entries[place] = { ticket = ticket, at = math.max(at, now + late, previous) }
  redis.call('HSET', facts, name, string.format('%.3f', entries[place].at))
  save()
  return { tostring(ticket), tostring(math.ceil(at - now)), tostring(now) }
elseif asked == 'again' then
  for place = #entries, 1, -1 do
    if entries[place].ticket == ARGV[2] then return { ARGV[2], tostring(math.max(0, math.ceil(entries[place].at - now))), tostring(now) } end
  end
  return { ARGV[2], '0', tostring(now) }
elseif asked == 'close' then
  closed = math.max(closed, now + tonumber(ARGV[2]))
  slow = closed + longest
  for place, entry in ipairs(entries) do
    if entry.at > now then entry.at = math.max(entry.at, earliest(place, 0)) end
  end
  save()
  return '1'
elseif asked == 'release' then
  if drop(ARGV[2]) then
    save()
    return '1'
  end
  return '0'
end
return redis.error_reply('what is asked is not known')
