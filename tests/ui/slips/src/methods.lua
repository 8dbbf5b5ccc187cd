local obj = {}
function obj:method.x() end
return { main = obj }
