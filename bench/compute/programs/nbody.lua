-- Float fields of a few records.
local function body(x, y, z, vx, vy, vz, mass)
  return { x = x, y = y, z = z, vx = vx, vy = vy, vz = vz, mass = mass }
end

local function advance(bodies, count, dt)
  for i = 1, count do
    local one = bodies[i]
    local x, y, z, mass = one.x, one.y, one.z, one.mass
    local vx, vy, vz = one.vx, one.vy, one.vz
    for j = i + 1, count do
      local other = bodies[j]
      local dx, dy, dz = x - other.x, y - other.y, z - other.z
      local square = dx * dx + dy * dy + dz * dz
      local pull = dt / (square * math.sqrt(square))
      local weight = other.mass * pull
      vx, vy, vz = vx - dx * weight, vy - dy * weight, vz - dz * weight
      weight = mass * pull
      other.vx = other.vx + dx * weight
      other.vy = other.vy + dy * weight
      other.vz = other.vz + dz * weight
    end
    one.vx, one.vy, one.vz = vx, vy, vz
    one.x, one.y, one.z = x + dt * vx, y + dt * vy, z + dt * vz
  end
end

local function energy(bodies, count)
  local sum = 0.0
  for i = 1, count do
    local one = bodies[i]
    sum = sum + 0.5 * one.mass * (one.vx * one.vx + one.vy * one.vy + one.vz * one.vz)
    for j = i + 1, count do
      local other = bodies[j]
      local dx, dy, dz = one.x - other.x, one.y - other.y, one.z - other.z
      sum = sum - one.mass * other.mass / math.sqrt(dx * dx + dy * dy + dz * dz)
    end
  end
  return sum
end

return function()
  local bodies = {
    body(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 39.5),
    body(4.8, -1.2, -0.1, 0.6, 2.8, -0.03, 0.04),
    body(8.3, 4.1, -0.4, -1.0, 1.8, 0.008, 0.011),
    body(12.9, -15.1, -0.2, 1.1, 0.9, -0.01, 0.0017),
    body(15.4, -25.9, 0.2, 1.0, 0.6, -0.03, 0.002),
  }
  for _ = 1, 120000 do advance(bodies, #bodies, 0.01) end
  return string.format("%.9f", energy(bodies, #bodies))
end
