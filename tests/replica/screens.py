"""The pages that a site shows in place of the one asked for."""

ERROR = (
    "<html>\r\n<head><title>{status}</title></head>\r\n<body>\r\n<center><h1>{status} error</h1></center>\r\n"
    "<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
)

MAINTENANCE = """<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>系统维护中</title></head>
<body style="text-align:center;padding-top:120px;font-family:'Microsoft YaHei'">
<h2>系统维护中</h2>
<p>尊敬的用户：网站正在进行系统升级维护，维护期间暂停访问，由此给您带来的不便，敬请谅解。</p>
<p>预计恢复时间：18:00</p>
</body></html>
"""

TOO_OFTEN = """<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>提示信息</title></head>
<body><div class="msg"><h3>访问过于频繁</h3>
<p>您的访问过于频繁，请稍后再试。如有疑问请联系网站管理员。</p>
<p>事件编号：20260303-88412</p></div></body></html>
"""

LOGIN = """<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>用户登录</title></head>
<body><div class="login-box"><h2>用户登录</h2>
<form action="/member/login" method="post">
<p><label>用户名</label><input type="text" name="username"></p>
<p><label>密　码</label><input type="password" name="password"></p>
<p><label>验证码</label><input type="text" name="captcha" size="4"></p>
<p><input type="submit" value="登 录"> <a href="/member/forget">忘记密码</a></p>
</form></div></body></html>
"""

NOT_FOUND = """<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>页面不存在</title></head>
<body><div class="error404"><h1>抱歉</h1><p>您访问的页面不存在或已被删除！</p>
<p><a href="/">返回首页</a></p></div></body></html>
"""

CHALLENGE = """<script>document.cookie=('_')+('_')+('jsl')+"";document.cookie="COOKIE;path=/;max-age=3600";
location.href=location.pathname+location.search</script>"""

HTML_AS_DOC = """<html xmlns:o="urn:schemas-microsoft-com:office:office"
 xmlns:w="urn:schemas-microsoft-com:office:word">
<head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"><meta name="ProgId" content="Word.Document">
<title>自愿性产品认证申请书</title></head><body>
<h1>自愿性产品认证申请书</h1>
<p>1 申请人信息</p><p>申请人名称、地址、联系人和联系电话。</p>
<p>2 产品信息</p><p>产品名称、型号规格、适用的认证规则编号和依据标准。</p>
</body></html>
"""
