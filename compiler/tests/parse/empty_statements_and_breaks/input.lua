;;; local x = 1; ; x = 2 ;
while x do break; ; end
while x do if x then break end break x() end
repeat break x() until x
function f() ; end
if x then ; else ; end
::label:: ; goto label ;
return ;
