<%@ Page Language="C#" %>
<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Frameset//EN" "http://www.w3.org/TR/html4/frameset.dtd">
<html>
<head><title>Ventanilla Corporativa</title></head>
<frameset rows="40,*">
<frame name="cabecera" src="Cabecera.aspx">
<frameset cols="200,*"><frame name="menu" src="Menu.aspx"><frame name="trabajo" src="Inicio.aspx"></frameset>
</frameset>
</html>
