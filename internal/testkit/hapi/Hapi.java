import ca.uhn.fhir.batch2.jobs.config.Batch2JobsConfig;
import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.IValidationSupport;
import ca.uhn.fhir.jpa.api.config.JpaStorageSettings;
import ca.uhn.fhir.jpa.api.config.ThreadPoolFactoryConfig;
import ca.uhn.fhir.jpa.api.dao.IFhirSystemDao;
import ca.uhn.fhir.jpa.batch2.JpaBatch2Config;
import ca.uhn.fhir.jpa.binary.api.IBinaryStorageSvc;
import ca.uhn.fhir.jpa.binstore.MemoryBinaryStorageSvcImpl;
import ca.uhn.fhir.jpa.config.HapiJpaConfig;
import ca.uhn.fhir.jpa.config.r4.JpaR4Config;
import ca.uhn.fhir.jpa.config.util.HapiEntityManagerFactoryUtil;
import ca.uhn.fhir.jpa.model.config.PartitionSettings;
import ca.uhn.fhir.jpa.model.config.SubscriptionSettings;
import ca.uhn.fhir.jpa.model.dialect.HapiFhirH2Dialect;
import ca.uhn.fhir.jpa.partition.PartitionManagementProvider;
import ca.uhn.fhir.jpa.provider.JpaCapabilityStatementProvider;
import ca.uhn.fhir.jpa.search.DatabaseBackedPagingProvider;
import ca.uhn.fhir.jpa.subscription.channel.config.SubscriptionChannelConfig;
import ca.uhn.fhir.rest.api.EncodingEnum;
import ca.uhn.fhir.rest.server.RestfulServer;
import ca.uhn.fhir.rest.server.interceptor.partition.RequestTenantPartitionInterceptor;
import ca.uhn.fhir.rest.server.provider.ResourceProviderFactory;
import ca.uhn.fhir.rest.server.tenant.UrlBaseTenantIdentificationStrategy;
import ca.uhn.fhir.rest.server.util.ISearchParamRegistry;
import jakarta.persistence.EntityManagerFactory;
import java.net.InetSocketAddress;
import java.util.Map;
import javax.sql.DataSource;
import org.apache.commons.dbcp2.BasicDataSource;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;

/**
 * HAPI FHIR's JPA server, R4, over a database in memory, on a free port of 127.0.0.1, as it comes but for four settings: each test has
 * a partition of its own, named in the path; ids may be whatever their writer says; what a record refers to and nobody has sent is made
 * up as an empty resource, so that bundles can be loaded one by one; a page holds 200 resources, as in HAPI's own starter project. It
 * prints its port when it answers.
 */
public final class Hapi {
    @Configuration
    @Import({JpaR4Config.class, HapiJpaConfig.class, JpaBatch2Config.class, Batch2JobsConfig.class, SubscriptionChannelConfig.class,
        ThreadPoolFactoryConfig.class})
    public static class Storage {
        @Bean
        public JpaStorageSettings storageSettings() {
            JpaStorageSettings settings = new JpaStorageSettings();
            settings.setAutoCreatePlaceholderReferenceTargets(true);
            settings.setResourceClientIdStrategy(JpaStorageSettings.ClientIdStrategyEnum.ANY);
            settings.setReuseCachedSearchResultsForMillis(null); // a test asks again after a change
            return settings;
        }

        @Bean
        public PartitionSettings partitionSettings() {
            PartitionSettings settings = new PartitionSettings();
            settings.setPartitioningEnabled(true);
            return settings;
        }

        @Bean
        public SubscriptionSettings subscriptionSettings() {
            return new SubscriptionSettings();
        }

        @Bean
        public IBinaryStorageSvc binaryStorage() {
            return new MemoryBinaryStorageSvcImpl();
        }

        @Bean
        public DataSource dataSource() {
            BasicDataSource pool = new BasicDataSource();
            pool.setUrl("jdbc:h2:mem:hapi;DB_CLOSE_DELAY=-1");
            pool.setMaxTotal(20);
            return pool;
        }

        @Bean
        public LocalContainerEntityManagerFactoryBean entityManagerFactory(ConfigurableListableBeanFactory beans, FhirContext fhir,
                JpaStorageSettings settings, DataSource data) {
            LocalContainerEntityManagerFactoryBean factory = HapiEntityManagerFactoryUtil.newEntityManagerFactory(beans, fhir, settings);
            factory.setPersistenceUnitName("hapi");
            factory.setDataSource(data);
            factory.setJpaPropertyMap(Map.of("hibernate.dialect", HapiFhirH2Dialect.class.getName(),
                    "hibernate.hbm2ddl.auto", "create", "hibernate.search.enabled", "false"));
            return factory;
        }

        @Bean
        public JpaTransactionManager transactionManager(EntityManagerFactory factory) {
            return new JpaTransactionManager(factory);
        }
    }

    public static void main(String[] arguments) throws Exception {
        AnnotationConfigApplicationContext beans = new AnnotationConfigApplicationContext(Storage.class);
        RestfulServer rest = new RestfulServer(beans.getBean(FhirContext.class));
        rest.registerProviders(beans.getBean("myResourceProvidersR4", ResourceProviderFactory.class).createProviders());
        rest.registerProvider(beans.getBean("mySystemProviderR4"));
        rest.registerProvider(beans.getBean(PartitionManagementProvider.class));
        rest.setTenantIdentificationStrategy(new UrlBaseTenantIdentificationStrategy());
        rest.registerInterceptor(beans.getBean(RequestTenantPartitionInterceptor.class));
        rest.setServerConformanceProvider(new JpaCapabilityStatementProvider(rest, beans.getBean(IFhirSystemDao.class),
                beans.getBean(JpaStorageSettings.class), beans.getBean(ISearchParamRegistry.class), beans.getBean(IValidationSupport.class)));
        DatabaseBackedPagingProvider pages = beans.getBean(DatabaseBackedPagingProvider.class);
        pages.setMaximumPageSize(200);
        rest.setPagingProvider(pages);
        rest.setDefaultResponseEncoding(EncodingEnum.JSON);
        ServletContextHandler context = new ServletContextHandler("/");
        context.addServlet(new ServletHolder(rest), "/R4/*");
        Server server = new Server(new InetSocketAddress("127.0.0.1", 0));
        server.setHandler(context);
        server.start();
        System.out.println("port " + ((ServerConnector) server.getConnectors()[0]).getLocalPort());
    }
}
