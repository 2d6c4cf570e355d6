<%@ Page Language="C#" MasterPageFile="~/Site.master" Title="Registrar caso" Inherits="Ventanilla.Registrar" %>
<asp:Content ContentPlaceHolderID="cph" runat="server">
<asp:ValidationSummary ID="vs" runat="server" HeaderText="Verifique los datos:"/>
<asp:Panel ID="pnlForma" runat="server"><table>
<tr><td>Tipo:<span style="color:red">*</span></td><td><asp:DropDownList ID="ddlTipo" runat="server" AutoPostBack="true" OnSelectedIndexChanged="TipoCambio"/></td></tr>
<tr><td>Clase (*):</td><td><asp:DropDownList ID="ddlClase" runat="server" AutoPostBack="true" OnSelectedIndexChanged="ClaseCambio"/></td></tr>
<tr><td>(*) Subclase</td><td><asp:DropDownList ID="ddlSubclase" runat="server"/><asp:RequiredFieldValidator runat="server" ControlToValidate="ddlSubclase" ErrorMessage="Seleccione la subclase" Text="*" Display="Dynamic"/></td></tr>
<tr><td>* RUC del cliente:<asp:RegularExpressionValidator runat="server" ControlToValidate="txtRuc" ValidationExpression="\d{11}" ErrorMessage="El RUC debe tener 11 dígitos"/></td><td><asp:TextBox ID="txtRuc" runat="server" AutoPostBack="true" OnTextChanged="RucCambio" MaxLength="11"/><asp:RequiredFieldValidator runat="server" ControlToValidate="txtRuc" ErrorMessage="Ingrese el RUC" Text="*" Display="Dynamic"/></td></tr>
<tr><td>Razón social:</td><td><asp:Label ID="lblRazon" runat="server"/></td></tr>
<tr><td>Prioridad:</td><td><asp:RadioButtonList ID="rblPrioridad" runat="server" RepeatDirection="Horizontal"><asp:ListItem>Alta</asp:ListItem><asp:ListItem Selected="True">Media</asp:ListItem><asp:ListItem>Baja</asp:ListItem></asp:RadioButtonList></td></tr>
<tr><td>Requiere llamada:</td><td><asp:CheckBox ID="chkLlamada" runat="server"/></td></tr>
<tr><td>Servicios:</td><td><asp:CheckBoxList ID="cblServicios" runat="server" RepeatDirection="Horizontal"><asp:ListItem>Voz</asp:ListItem><asp:ListItem>Datos</asp:ListItem><asp:ListItem>SMS</asp:ListItem></asp:CheckBoxList></td></tr>
<tr><td>Áreas:</td><td><asp:ListBox ID="lbAreas" runat="server" SelectionMode="Multiple"><asp:ListItem>Ventas</asp:ListItem><asp:ListItem>Facturación</asp:ListItem><asp:ListItem>Soporte</asp:ListItem></asp:ListBox></td></tr>
<tr><td>Documento:</td><td><asp:DropDownList ID="ddlDocumento" runat="server"><asp:ListItem>DNI</asp:ListItem><asp:ListItem>CE</asp:ListItem></asp:DropDownList>&nbsp;<asp:TextBox ID="txtDocumento" runat="server"/></td></tr>
<tr><td>Cargo fijo (S/)<asp:RangeValidator runat="server" ControlToValidate="txtCargo" Type="Currency" MinimumValue="1" MaximumValue="9999" ErrorMessage="El cargo fijo debe estar entre 1 y 9999" Text="!" Display="Dynamic"/></td><td><asp:TextBox ID="txtCargo" runat="server"/></td></tr>
<tr><td>Referencia externa</td><td><asp:TextBox ID="txtReferencia" runat="server"/></td></tr>
<tr><td>Detalle</td><td><asp:TextBox ID="txtDetalle" runat="server" TextMode="MultiLine" Rows="3"/><asp:CustomValidator runat="server" ControlToValidate="txtDetalle" OnServerValidate="DetalleValido" ErrorMessage="El detalle contiene palabras no permitidas" Text="!" Display="Dynamic"/></td></tr>
<tr><td>Adjunto:</td><td><asp:FileUpload ID="fuAdjunto" runat="server"/></td></tr>
</table>
<asp:Button ID="btnRegistrar" runat="server" Text="Registrar" OnClick="Guardar" OnClientClick="return confirm('¿Desea registrar el caso?');"/>
<asp:Button ID="btnGrabar" runat="server" Text="Grabar borrador" OnClick="Guardar"/></asp:Panel>
<asp:Panel ID="pnlHecho" runat="server" Visible="false"><table>
<tr><td>N° de caso generado:</td><td><asp:Label ID="lblNumero" runat="server" EnableViewState="false"/></td></tr>
<tr><td>Archivo recibido:</td><td><asp:Label ID="lblArchivo" runat="server" EnableViewState="false"/></td></tr></table></asp:Panel>
</asp:Content>
