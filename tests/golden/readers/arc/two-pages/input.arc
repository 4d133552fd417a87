filedesc://a.arc 0.0.0.0 20040514060000 text/plain 68
1 0 Archive
URL IP-address Archive-date Content-type Archive-length

http://news.example/ferry 192.0.2.1 20040514060000 text/html 432
HTTP/1.1 200 OK
Content-Type: text/html; charset=utf-8

<!DOCTYPE html><html><head><title>Ferry line to Sandholm may stop in autumn</title></head><body><article><h1>Ferry line to Sandholm may stop in autumn</h1><p>The ferry to Sandholm may stop running in October, the operator Nordline said on Tuesday.</p><p>The county will decide by the end of June whether it pays for another winter on the island.</p></article></body></html>
http://news.example/p.png 192.0.2.1 20040514060000 image/png 48
HTTP/1.1 200 OK
Content-Type: image/png

‰PNG
http://news.example/wrong 192.0.2.1 20040514060000 text/html 50
HTTP/1.1 200 OK
Content-Type: text/html; charset=utf-8

<!DOCTYPE html><html><head><title>Ferry line to Sandholm may stop in autumn</title></head><body><article><h1>Ferry line to Sandholm may stop in autumn</h1><p>The ferry to Sandholm may stop running in October, the operator Nordline said on Tuesday.</p><p>The county will decide by the end of June whether it pays for another winter on the island.</p></article></body></html>
http://news.example/mill 192.0.2.1 20040514060000 text/html 485
HTTP/1.1 200 OK
Content-Type: text/html; charset=utf-8
Transfer-Encoding: chunked

64
<!DOCTYPE html><html><head><title>Fire at Brackwater mill leaves two injured</title></head><body><ar
118
ticle><h1>Fire at Brackwater mill leaves two injured</h1><p>Two workers were hurt when a fire broke out in the grain mill at Brackwater on Friday morning.</p><p>The county will decide by the end of June whether it pays for another winter on the island.</p></article></body></html>
0


dns:news.example 192.0.2.1 20040514060000 text/dns 40
20040514
news.example. 1 IN A 192.0.2.1

http://news.example/cut 192.0.2.1 20040514060000 text/html 432
HTTP/1.1 200 OK
Content-Type: text/html; charset=utf-8

<!DOCTYPE html><html><head><title>Ferry line to Sandholm may stop in autumn</title></head><body><article><h1>Ferry line to Sandholm may stop in autumn</h1><p>The ferry to Sandholm may stop running in October, the operator Nordline said on Tuesday.</p><p>The county will decide by the 