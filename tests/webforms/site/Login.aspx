<%@ Page Language="C#" Inherits="Ventanilla.Ingreso" %>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml">
<head runat="server"><title>Ventanilla Corporativa - Ingreso</title></head>
<body>
<form id="form1" runat="server">
<table>
<tr><td>Usuario:<asp:RequiredFieldValidator ID="rfvUsuario" runat="server" ControlToValidate="txtUsuario" ErrorMessage="Ingrese su usuario"/></td>
<td><asp:TextBox ID="txtUsuario" runat="server"/></td></tr>
<tr><td>Contraseña:<asp:RequiredFieldValidator ID="rfvClave" runat="server" ControlToValidate="txtClave" ErrorMessage="Ingrese su contraseña"/></td>
<td><asp:TextBox ID="txtClave" runat="server" TextMode="Password"/></td></tr>
<tr><td colspan="2"><asp:Button ID="btnIngresar" runat="server" Text="Ingresar" OnClick="Entrar"/>
<asp:Label ID="lblMensaje" runat="server" ForeColor="Red" EnableViewState="false"/></td></tr>
</table>
</form>
</body>
</html>
