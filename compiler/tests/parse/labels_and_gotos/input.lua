for i = 1, 3 do
  if i == 2 then goto continue end
  local x = i
  ::continue::
end
do goto out end
::out::
do ::out:: goto out end
::
  last
::
