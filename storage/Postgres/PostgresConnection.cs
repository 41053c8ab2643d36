using System.Globalization;
using Npgsql;

namespace PolyArb.Storage;

/// <summary>What DATABASE_CONNECTION says, and how its three users take it. Whatever it says itself is left as it is.</summary>
/// <param name="Name">The database with its host and port, for messages.</param>
/// <param name="ForWriters">Each opens its own and keeps it, so there is no pool.</param>
internal sealed record PostgresConnection(string Name, string Host, string Database, string User, string ForWriters, string ForReaders, string ForOrleans)
{
    private const string Variable = "DATABASE_CONNECTION";

    /// <summary>Seconds.</summary>
    private const int ConnectTimeout = 5, CommandTimeout = 10;

    /// <summary>Throws <see cref="StorageException"/>; neither it nor anything made from this shows the password.</summary>
    public static PostgresConnection Of(string text)
    {
        NpgsqlConnectionStringBuilder said;
        try
        {
            said = new NpgsqlConnectionStringBuilder(text);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException or InvalidCastException)
        {
            throw new StorageException($"{Variable} cannot be read: must be Host=..;Database=..;Username=..;Password=.. (value not shown)"); // The cause may quote it.
        }

        if (said.Host is not { Length: > 0 } host || said.Database is not { Length: > 0 } database)
            throw new StorageException($"{Variable} must name Host and Database (value not shown)");

        Default("Timeout", builder => builder.Timeout = ConnectTimeout);
        Default("Command Timeout", builder => builder.CommandTimeout = CommandTimeout);
        Default("Application Name", builder => builder.ApplicationName = "polyarb-silo");
        Default("Max Auto Prepare", builder => builder.MaxAutoPrepare = 100);
        Default("Auto Prepare Min Usages", builder => builder.AutoPrepareMinUsages = 2);
        said.PersistSecurityInfo = false;
        said.IncludeErrorDetail = false; // It quotes values.
        return new PostgresConnection(
            string.Create(CultureInfo.InvariantCulture, $"{database} at {host}:{said.Port}"), host, database, said.Username ?? "",
            Variant(builder => (builder.Pooling, builder.Enlist) = (false, false)),
            Variant(builder => (builder.MaxPoolSize, builder.Enlist) = (4, false)),
            Variant(builder => builder.MaxPoolSize = Math.Min(builder.MaxPoolSize, 20)));

        void Default(string key, Action<NpgsqlConnectionStringBuilder> set)
        {
            if (!said.Keys.Contains(key, StringComparer.OrdinalIgnoreCase)) set(said);
        }

        string Variant(Action<NpgsqlConnectionStringBuilder> set)
        {
            var builder = new NpgsqlConnectionStringBuilder(said.ConnectionString);
            set(builder);
            return builder.ConnectionString;
        }
    }

    public override string ToString() => Name;
}
