interface Shape: Base, m.Other
  function area(self: Shape, scale: number): number
  function both(self): A, B
  name: string
  nick?: string
end
interface Empty end
local interface = interface
return interface
