import type { Right } from '../../domain/access.ts';
import type { Operation, Stability } from '../operation.ts';

/**
 * Operations of Segment's Public API that would start work that nothing here does: operation | method | path | tag | stability. They are known, want the
 * right that they will want, and answer 501 in the envelope.
 */
const TABLE = `
listActivationsFromAudience | GET | /spaces/{spaceId}/audiences/{audienceId}/activations | Activations | alpha
removeActivationFromAudience | DELETE | /spaces/{spaceId}/audiences/{audienceId}/activations/{id} | Activations | alpha
getActivationFromAudience | GET | /spaces/{spaceId}/audiences/{audienceId}/activations/{id} | Activations | alpha
updateActivationForAudience | PATCH | /spaces/{spaceId}/audiences/{audienceId}/activations/{id} | Activations | alpha
listDestinationsFromAudience | GET | /spaces/{spaceId}/audiences/{audienceId}/destination-connections | Activations | alpha
addDestinationToAudience | POST | /spaces/{spaceId}/audiences/{audienceId}/destination-connections | Activations | alpha
addActivationToAudience | POST | /spaces/{spaceId}/audiences/{audienceId}/destination-connections/{connectionId}/activations | Activations | alpha
removeDestinationFromAudience | DELETE | /spaces/{spaceId}/audiences/{audienceId}/destination-connections/{destinationId} | Activations | alpha
updateDestinationForAudience | PATCH | /spaces/{spaceId}/audiences/{audienceId}/destination-connections/{destinationId} | Activations | alpha
listSupportedDestinationsFromAudience | GET | /spaces/{spaceId}/audienceType/{audienceType}/supported-destinations | Activations | alpha
listAudiences | GET | /spaces/{spaceId}/audiences | Audiences | ga
createAudience | POST | /spaces/{spaceId}/audiences | Audiences | ga
forceExecuteAudienceRun | POST | /spaces/{spaceId}/audiences/{audienceId}/runs | Audiences | ga
removeAudienceFromSpace | DELETE | /spaces/{spaceId}/audiences/{id} | Audiences | ga
getAudience | GET | /spaces/{spaceId}/audiences/{id} | Audiences | ga
updateAudienceForSpace | PATCH | /spaces/{spaceId}/audiences/{id} | Audiences | ga
listAudienceConsumersFromSpaceAndAudience | GET | /spaces/{spaceId}/audiences/{id}/audience-references | Audiences | alpha
listAudienceSchedulesFromSpaceAndAudience | GET | /spaces/{spaceId}/audiences/{id}/schedules | Audiences | ga
addAudienceScheduleToAudience | POST | /spaces/{spaceId}/audiences/{id}/schedules | Audiences | ga
removeAudienceScheduleFromAudience | DELETE | /spaces/{spaceId}/audiences/{id}/schedules/{scheduleId} | Audiences | ga
getAudienceScheduleFromSpaceAndAudience | GET | /spaces/{spaceId}/audiences/{id}/schedules/{scheduleId} | Audiences | ga
updateAudienceScheduleForAudience | PATCH | /spaces/{spaceId}/audiences/{id}/schedules/{scheduleId} | Audiences | ga
createAudiencePreview | POST | /spaces/{spaceId}/audiences/previews | Audiences | ga
getAudiencePreview | GET | /spaces/{spaceId}/audiences/previews/{id} | Audiences | ga
listComputedTraits | GET | /spaces/{spaceId}/computed-traits | Computed Traits | alpha
createComputedTrait | POST | /spaces/{spaceId}/computed-traits | Computed Traits | alpha
removeComputedTraitFromSpace | DELETE | /spaces/{spaceId}/computed-traits/{id} | Computed Traits | alpha
getComputedTrait | GET | /spaces/{spaceId}/computed-traits/{id} | Computed Traits | alpha
updateComputedTraitForSpace | PATCH | /spaces/{spaceId}/computed-traits/{id} | Computed Traits | alpha
listCredentials | GET | /credentials | Credentials | ga
createCredential | POST | /credentials | Credentials | ga
deleteCredential | DELETE | /credentials/{credentialId} | Credentials | ga
getCredential | GET | /credentials/{credentialId} | Credentials | ga
updateCredential | PATCH | /credentials/{credentialId} | Credentials | ga
listCredentialConsumers | GET | /credentials/{credentialId}/consumers | Credentials | ga
createDownload | POST | /customer-insights/download | Customer Insights | alpha
createDbtModelSyncTrigger | POST | /dbt-model-syncs/trigger | dbt | beta
createEdgeFunctions | POST | /sources/{sourceId}/edge-functions | Edge Functions | alpha
disableEdgeFunctions | PATCH | /sources/{sourceId}/edge-functions/disable | Edge Functions | alpha
getLatestFromEdgeFunctions | GET | /sources/{sourceId}/edge-functions/latest | Edge Functions | alpha
generateUploadURLForEdgeFunctions | POST | /sources/{sourceId}/edge-functions/upload-url | Edge Functions | alpha
listFunctions | GET | /functions | Functions | ga
createFunction | POST | /functions | Functions | ga
deleteFunction | DELETE | /functions/{functionId} | Functions | ga
getFunction | GET | /functions/{functionId} | Functions | ga
updateFunction | PATCH | /functions/{functionId} | Functions | ga
createFunctionDeployment | POST | /functions/{functionId}/deploy | Functions | ga
listFunctionVersions | GET | /functions/{functionId}/versions | Functions | alpha
restoreFunctionVersion | POST | /functions/{functionId}/versions | Functions | alpha
getFunctionVersion | GET | /functions/{functionId}/versions/{versionId} | Functions | alpha
listInsertFunctionInstances | GET | /insert-function-instances | Functions | alpha
createInsertFunctionInstance | POST | /insert-function-instances | Functions | alpha
deleteInsertFunctionInstance | DELETE | /insert-function-instances/{instanceId} | Functions | alpha
getInsertFunctionInstance | GET | /insert-function-instances/{instanceId} | Functions | alpha
updateInsertFunctionInstance | PATCH | /insert-function-instances/{instanceId} | Functions | alpha
createLivePlugin | POST | /sources/{sourceId}/live-plugins/create | Live Plugins | alpha
deleteLivePluginCode | DELETE | /sources/{sourceId}/live-plugins/delete-code | Live Plugins | alpha
getLatestFromLivePlugins | GET | /sources/{sourceId}/live-plugins/latest | Live Plugins | alpha
listProfilesWarehouseInSpace | GET | /spaces/{spaceId}/profiles-warehouses | Profiles Sync | alpha
createProfilesWarehouse | POST | /spaces/{spaceId}/profiles-warehouses | Profiles Sync | alpha
removeProfilesWarehouseFromSpace | DELETE | /spaces/{spaceId}/profiles-warehouses/{warehouseId} | Profiles Sync | alpha
updateProfilesWarehouseForSpaceWarehouse | PATCH | /spaces/{spaceId}/profiles-warehouses/{warehouseId} | Profiles Sync | alpha
listSelectiveSyncsFromWarehouseAndSpace | GET | /spaces/{spaceId}/profiles-warehouses/{warehouseId}/selective-syncs | Profiles Sync | alpha
updateSelectiveSyncForWarehouseAndSpace | PATCH | /spaces/{spaceId}/profiles-warehouses/{warehouseId}/selective-syncs | Profiles Sync | alpha
listReverseEtlModels | GET | /reverse-etl-models | Reverse ETL | alpha
createReverseEtlModel | POST | /reverse-etl-models | Reverse ETL | alpha
deleteReverseEtlModel | DELETE | /reverse-etl-models/{modelId} | Reverse ETL | alpha
getReverseEtlModel | GET | /reverse-etl-models/{modelId} | Reverse ETL | alpha
updateReverseEtlModel | PATCH | /reverse-etl-models/{modelId} | Reverse ETL | alpha
listReverseETLSyncStatusesFromModelAndSubscriptionId | GET | /reverse-etl-models/{modelId}/subscriptionId/{subscriptionId}/syncs | Reverse ETL | alpha
getReverseETLSyncFromModel | GET | /reverse-etl-models/{modelId}/syncs/{syncId} | Reverse ETL | alpha
cancelReverseETLSyncForModel | POST | /reverse-etl-models/{modelId}/syncs/{syncId}/cancel | Reverse ETL | alpha
createReverseETLManualSync | POST | /reverse-etl-syncs | Reverse ETL | alpha
getAdvancedSyncScheduleFromWarehouse | GET | /warehouses/{warehouseId}/advanced-sync-schedule | Selective Sync | ga
replaceAdvancedSyncScheduleForWarehouse | PUT | /warehouses/{warehouseId}/advanced-sync-schedule | Selective Sync | ga
listSelectiveSyncsFromWarehouseAndSource | GET | /warehouses/{warehouseId}/connected-sources/{sourceId}/selective-syncs | Selective Sync | ga
listSyncsFromWarehouseAndSource | GET | /warehouses/{warehouseId}/connected-sources/{sourceId}/syncs | Selective Sync | ga
updateSelectiveSyncForWarehouse | PATCH | /warehouses/{warehouseId}/selective-sync | Selective Sync | ga
listSyncsFromWarehouse | GET | /warehouses/{warehouseId}/syncs | Selective Sync | ga
listFiltersForSpace | GET | /filters | Space Filters | beta
createFilterForSpace | POST | /filters | Space Filters | beta
deleteFilterById | DELETE | /filters/{id} | Space Filters | beta
getFilterById | GET | /filters/{id} | Space Filters | beta
updateFilterById | PATCH | /filters/{id} | Space Filters | beta
listPropertiesFromEntity | GET | /spaces/{spaceId}/entities/{entitySlug}/properties | Space Schema API | alpha
listSampleValuesFromEntityProperty | GET | /spaces/{spaceId}/entities/{entitySlug}/properties/{propertyName}/sample-values | Space Schema API | alpha
listEntityPaths | GET | /spaces/{spaceId}/entity-paths | Space Schema API | alpha
listEvents | GET | /spaces/{spaceId}/events | Space Schema API | alpha
listPropertiesFromEvent | GET | /spaces/{spaceId}/events/{eventName}/properties | Space Schema API | alpha
listSampleValuesFromEventProperty | GET | /spaces/{spaceId}/events/{eventName}/properties/{propertyName}/sample-values | Space Schema API | alpha
listTraits | GET | /spaces/{spaceId}/traits | Space Schema API | alpha
listSampleValuesFromTrait | GET | /spaces/{spaceId}/traits/{traitKey}/sample-values | Space Schema API | alpha
listSpaces | GET | /spaces | Spaces | alpha
getSpace | GET | /spaces/{spaceId} | Spaces | alpha
replaceMessagingSubscriptionsInSpaces | PUT | /spaces/{spaceId}/messaging-subscriptions | Spaces | alpha
batchQueryMessagingSubscriptionsForSpace | POST | /spaces/{spaceId}/messaging-subscriptions/batch | Spaces | alpha
listWarehouses | GET | /warehouses | Warehouses | ga
createWarehouse | POST | /warehouses | Warehouses | ga
deleteWarehouse | DELETE | /warehouses/{warehouseId} | Warehouses | ga
getWarehouse | GET | /warehouses/{warehouseId} | Warehouses | ga
updateWarehouse | PATCH | /warehouses/{warehouseId} | Warehouses | ga
listConnectedSourcesFromWarehouse | GET | /warehouses/{warehouseId}/connected-sources | Warehouses | ga
removeSourceConnectionFromWarehouse | DELETE | /warehouses/{warehouseId}/connected-sources/{sourceId} | Warehouses | ga
addConnectionFromSourceToWarehouse | POST | /warehouses/{warehouseId}/connected-sources/{sourceId} | Warehouses | ga
getConnectionStateFromWarehouse | GET | /warehouses/{warehouseId}/connection-state | Warehouses | ga
createValidationInWarehouse | POST | /warehouses/validation | Warehouses | ga
`;

/** By tag: what is missing, and who may see and change it. */
const MISSING: Record<string, { what: string; read: Right; edit: Right }> = {
  Functions: { what: 'Functions', read: 'function.read', edit: 'function.edit' },
  'Edge Functions': { what: 'Edge functions', read: 'function.read', edit: 'function.edit' },
  'Live Plugins': { what: 'Live plugins', read: 'function.read', edit: 'function.edit' },
  Warehouses: { what: 'Warehouses', read: 'warehouse.read', edit: 'warehouse.edit' },
  'Selective Sync': { what: 'Warehouses', read: 'warehouse.read', edit: 'warehouse.edit' },
  'Reverse ETL': { what: 'Reverse ETL', read: 'warehouse.read', edit: 'warehouse.edit' },
  Credentials: { what: 'Warehouses', read: 'warehouse.read', edit: 'warehouse.edit' },
  dbt: { what: 'Reverse ETL', read: 'warehouse.read', edit: 'warehouse.edit' },
};
const OF_SPACES = { what: 'Profiles and audiences', read: 'space.read', edit: 'space.edit' } as const;

export const notOfferedOperations: Readonly<Record<string, Operation>> = Object.fromEntries(
  TABLE.trim()
    .split('\n')
    .map((line) => {
      const [id = '', method = '', path = '', tag = '', stability = ''] = line.split(' | ');
      const { what, read, edit } = MISSING[tag] ?? OF_SPACES;
      const one: Operation = {
        // The table is ours.
        method: method as Operation['method'],
        path,
        tag,
        stability: stability as Stability,
        effect: 'later',
        access: { right: method === 'GET' ? read : edit, of: 'workspace' },
        summary: `${what} are not offered yet.`,
      };
      return [id, one];
    }),
);
