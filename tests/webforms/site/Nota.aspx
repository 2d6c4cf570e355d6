<%@ Page Language="C#" Inherits="Ventanilla.Nota" %>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml">
<head runat="server"><title>Agregar nota</title></head>
<body><form id="f" runat="server">
<table><tr><td>N° de caso:</td><td><asp:Label ID="lblNumero" runat="server"/></td></tr>
<tr><td>Nota:</td><td><asp:TextBox ID="txtNota" runat="server" TextMode="MultiLine"/><asp:RequiredFieldValidator runat="server" ControlToValidate="txtNota" ErrorMessage="Ingrese la nota"/></td></tr></table>
<asp:Button ID="btnGuardar" runat="server" Text="Guardar" OnClick="Guardar"/>
</form></body></html>
