import com.nedap.archie.rm.RMObject;
import com.nedap.archie.rm.ehr.EhrStatus;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import javax.sql.DataSource;
import org.ehrbase.ServiceModuleConfiguration;
import org.ehrbase.api.definitions.ServerConfig;
import org.ehrbase.api.exception.AqlFeatureNotImplementedException;
import org.ehrbase.api.exception.GeneralRequestProcessingException;
import org.ehrbase.api.exception.IllegalAqlException;
import org.ehrbase.api.exception.InvalidApiParameterException;
import org.ehrbase.api.exception.ObjectNotFoundException;
import org.ehrbase.api.exception.PreconditionFailedException;
import org.ehrbase.api.exception.StateConflictException;
import org.ehrbase.api.exception.UnprocessableEntityException;
import org.ehrbase.api.exception.ValidationException;
import org.ehrbase.openehr.aqlengine.AqlEngineModuleConfiguration;
import org.ehrbase.openehr.sdk.serialisation.mapper.RmObjectJsonDeSerializer;
import org.ehrbase.openehr.sdk.serialisation.mapper.RmObjectJsonSerializer;
import org.ehrbase.openehr.sdk.validation.terminology.ExternalTerminologyValidation;
import org.ehrbase.openehr.sdk.validation.terminology.ExternalTerminologyValidationChain;
import org.ehrbase.rest.RestModuleConfiguration;
import org.flywaydb.core.Flyway;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.flyway.FlywayMigrationStrategy;
import org.springframework.boot.autoconfigure.jackson.Jackson2ObjectMapperBuilderCustomizer;
import org.springframework.boot.autoconfigure.r2dbc.R2dbcAutoConfiguration;
import org.springframework.boot.autoconfigure.security.servlet.SecurityAutoConfiguration;
import org.springframework.boot.info.BuildProperties;
import org.springframework.boot.web.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.ResponseEntity;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * EHRbase over a PostgreSQL of the tests', on a free port of 127.0.0.1: its libraries are published and its application is not, so what that
 * would have configured stands here. It takes the database's address as its argument and prints its port when it answers.
 */
@Configuration
@EnableAutoConfiguration(exclude = {R2dbcAutoConfiguration.class, SecurityAutoConfiguration.class})
@Import({ServiceModuleConfiguration.class, AqlEngineModuleConfiguration.class, RestModuleConfiguration.class, Ehrbase.Refusals.class})
public class Ehrbase {

    public static void main(String[] arguments) {
        SpringApplication server = new SpringApplication(Ehrbase.class);
        server.setBannerMode(Banner.Mode.OFF);
        server.setDefaultProperties(Map.of(
                "server.address", "127.0.0.1",
                "server.port", "0",
                "spring.datasource.url", arguments[0],
                "spring.jooq.sql-dialect", "POSTGRES",
                "spring.jackson.default-property-inclusion", "NON_NULL",
                "spring.cache.type", "CAFFEINE",
                "security.auth-type", "BASIC", // with NONE it forgets who asks, and its audit wants a name
                "logging.level.root", "ERROR"));
        server.addListeners((ApplicationListener<WebServerInitializedEvent>)
                started -> System.out.println("port " + started.getWebServer().getPort()));
        server.run();
    }

    /** The two schemas of EHRbase, each with a history of its own. */
    @Bean
    FlywayMigrationStrategy migrations() {
        return configured -> {
            DataSource database = configured.getConfiguration().getDataSource();
            migrate(database, "ext");
            migrate(database, "ehr");
        };
    }

    private static void migrate(DataSource database, String schema) {
        Flyway.configure()
                .dataSource(database)
                .schemas(schema)
                .locations("classpath:db/migration/" + schema)
                .baselineOnMigrate(schema.equals("ext"))
                .baselineVersion("1")
                .placeholders(Map.of(schema + "Schema", schema))
                .load()
                .migrate();
    }

    /** The classes of openEHR's reference model have a JSON of their own. */
    @Bean
    Jackson2ObjectMapperBuilderCustomizer referenceModel() {
        return builder -> builder.serializerByType(RMObject.class, new RmObjectJsonSerializer())
                .deserializerByType(EhrStatus.class, new RmObjectJsonDeSerializer());
    }

    /** Its own build would have made these; nothing but its status page reads them. */
    @Bean
    BuildProperties buildProperties() {
        return new BuildProperties(new Properties());
    }

    /** Everybody is the same user: the server listens on loopback, for tests alone, and its audit wants a name. */
    @Bean
    OncePerRequestFilter everybody() {
        return new OncePerRequestFilter() {
            @Override
            protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                    throws ServletException, IOException {
                SecurityContextHolder.getContext().setAuthentication(
                        UsernamePasswordAuthenticationToken.authenticated("onelondon", "", List.of()));
                try {
                    chain.doFilter(request, response);
                } finally {
                    SecurityContextHolder.clearContext();
                }
            }
        };
    }

    /** Asks no terminology server: a chain without a link. */
    @Bean
    ExternalTerminologyValidation terminologyServers() {
        return new ExternalTerminologyValidationChain();
    }

    @Bean
    ServerConfig serverConfig() {
        return new Checked();
    }

    /** Says that compositions are checked strictly against their templates. */
    private static final class Checked implements ServerConfig {

        private int port;

        @Override
        public int getPort() {
            return port;
        }

        @Override
        public void setPort(int port) {
            this.port = port;
        }

        @Override
        public boolean isDisableStrictValidation() {
            return false;
        }
    }

    /** Answers the service's refusals with the status that openEHR's REST API has for them. */
    @RestControllerAdvice
    public static class Refusals {

        @ExceptionHandler({GeneralRequestProcessingException.class, IllegalAqlException.class, InvalidApiParameterException.class,
                IllegalArgumentException.class})
        ResponseEntity<String> wrong(Exception refusal) {
            return ResponseEntity.status(400).body(refusal.getMessage());
        }

        @ExceptionHandler(ObjectNotFoundException.class)
        ResponseEntity<String> absent(Exception refusal) {
            return ResponseEntity.status(404).body(refusal.getMessage());
        }

        @ExceptionHandler(StateConflictException.class)
        ResponseEntity<String> conflicting(Exception refusal) {
            return ResponseEntity.status(409).body(refusal.getMessage());
        }

        @ExceptionHandler(PreconditionFailedException.class)
        ResponseEntity<String> outdated(Exception refusal) {
            return ResponseEntity.status(412).body(refusal.getMessage());
        }

        @ExceptionHandler({UnprocessableEntityException.class, ValidationException.class})
        ResponseEntity<String> invalid(Exception refusal) {
            return ResponseEntity.status(422).body(refusal.getMessage());
        }

        @ExceptionHandler(AqlFeatureNotImplementedException.class)
        ResponseEntity<String> unable(Exception refusal) {
            return ResponseEntity.status(501).body(refusal.getMessage());
        }
    }
}
