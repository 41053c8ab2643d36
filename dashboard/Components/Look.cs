using MudBlazor;

namespace PolyArb.Dashboard.Components;

/// <summary>Colours and letters. Every text stands out from what is behind it by 4.5 to 1 at the least, in light and dark.</summary>
internal static class Look
{
    private static readonly string[] Letters = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "DejaVu Sans", "sans-serif"];

    public static readonly MudTheme Theme = new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = "#3344b8",
            PrimaryContrastText = "#ffffff",
            Secondary = "#4b5060",
            Success = "#1a7037",
            Warning = "#8a5000",
            Error = "#b3231b",
            Info = "#0b55c4",
            Background = "#f5f6f8",
            Surface = "#ffffff",
            AppbarBackground = "#1f2a56",
            AppbarText = "#ffffff",
            DrawerBackground = "#ffffff",
            DrawerText = "#24272f",
            TextPrimary = "#1b1d24",
            TextSecondary = "#4f5563",
        },
        PaletteDark = new PaletteDark
        {
            Primary = "#a9b4ff",
            PrimaryContrastText = "#10121a",
            Secondary = "#b7bccb",
            SecondaryContrastText = "#10121a",
            Success = "#6fdc98",
            SuccessContrastText = "#10121a",
            Warning = "#ffc06a",
            WarningContrastText = "#10121a",
            Error = "#ff8f85",
            ErrorContrastText = "#10121a",
            Info = "#8cb6ff",
            InfoContrastText = "#10121a",
            Background = "#12141a",
            Surface = "#1b1e26",
            AppbarBackground = "#1b1e26",
            AppbarText = "#f0f1f5",
            DrawerBackground = "#1b1e26",
            DrawerText = "#e4e6ec",
            TextPrimary = "#e8eaf0",
            TextSecondary = "#b4b9c6",
        },
        Typography = new Typography { Default = new DefaultTypography { FontFamily = Letters } },
    };
}
