<%@ Page Language="C#" %>
<html><head><title>Menú</title></head>
<body><form id="f" runat="server">
<asp:TreeView ID="tv" runat="server" ExpandDepth="0" ShowLines="true"><Nodes>
<asp:TreeNode Text="Evaluación" SelectAction="Expand">
<asp:TreeNode Text="Consulta de SEC" NavigateUrl="~/Consulta.aspx" Target="trabajo"/>
</asp:TreeNode>
<asp:TreeNode Text="Casos" SelectAction="Expand">
<asp:TreeNode Text="Registrar caso" NavigateUrl="~/Registrar.aspx" Target="trabajo"/>
<asp:TreeNode Text="Registro rápido" NavigateUrl="~/Rapido.aspx" Target="trabajo"/>
<asp:TreeNode Text="Consulta de casos" NavigateUrl="~/Casos.aspx" Target="trabajo"/>
</asp:TreeNode>
<asp:TreeNode Text="Reportes" SelectAction="Expand">
<asp:TreeNode Text="Grillas" NavigateUrl="~/Grillas.aspx" Target="trabajo"/>
<asp:TreeNode Text="Ficha de cliente" NavigateUrl="~/Ficha.aspx" Target="trabajo"/>
</asp:TreeNode>
</Nodes></asp:TreeView>
</form></body></html>
