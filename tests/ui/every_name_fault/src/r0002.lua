::here::
::here::
