package io.clientele.segmentation.persona;

import com.fasterxml.jackson.core.type.TypeReference;
import io.agroal.api.AgroalDataSource;
import io.clientele.common.json.Json;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.SegmentKey;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * What marketers wrote over personas, in PostgreSQL. Every call belongs in a transaction of the
 * program.
 */
@ApplicationScoped
class PersonaRepository {
    private final AgroalDataSource dataSource;

    @Inject
    PersonaRepository(AgroalDataSource dataSource) {
        this.dataSource = dataSource;
    }

    Optional<Persona.Edited> find(ProgramId program, SegmentKey key) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement =
                        connection.prepareStatement(
                                "select body, updated_at, updated_by from segment_persona"
                                        + " where program = ? and key = ?")) {
            statement.setString(1, program.value());
            statement.setString(2, key.value());
            try (ResultSet rows = statement.executeQuery()) {
                if (!rows.next()) {
                    return Optional.empty();
                }
                return Optional.of(
                        new Persona.Edited(
                                Json.mapper()
                                        .readValue(rows.getString(1), new TypeReference<>() {}),
                                rows.getObject(2, OffsetDateTime.class).toInstant(),
                                rows.getString(3)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw new IllegalStateException("PostgreSQL refused a query", e);
        }
    }

    void save(ProgramId program, SegmentKey key, Persona.Edited edited) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement =
                        connection.prepareStatement(
                                "insert into segment_persona (program, key, body, updated_at,"
                                        + " updated_by) values (?, ?, ?::json, ?, ?)"
                                        + " on conflict (program, key) do update set"
                                        + " body = excluded.body, updated_at = excluded.updated_at,"
                                        + " updated_by = excluded.updated_by")) {
            statement.setString(1, program.value());
            statement.setString(2, key.value());
            statement.setString(3, Json.mapper().writeValueAsString(edited.persona()));
            statement.setObject(4, edited.updatedAt().atOffset(ZoneOffset.UTC));
            statement.setString(5, edited.updatedBy());
            statement.executeUpdate();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw new IllegalStateException("PostgreSQL refused a change", e);
        }
    }
}
