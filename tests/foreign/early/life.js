// Drives the local service with the Node client of 2013 (azure 0.7.16), unchanged: the successor of the
// documented API, with its method names and its callbacks.
//
// Reads one JSON object from standard input: host, port, subscription_id, key_file, cert_file, image.
// NODE_EXTRA_CA_CERTS names the authority to trust. Prints one line of JSON.
'use strict';
const fs = require('fs');
const { X509Certificate } = require('crypto');
const azure = require('azure');

const info = JSON.parse(fs.readFileSync(0, 'utf8'));
const client = azure.createServiceManagementService(
  info.subscription_id,
  { keyfile: info.key_file, certfile: info.cert_file },
  { host: info.host, port: info.port },
);
const certificate = new X509Certificate(fs.readFileSync(info.cert_file)).raw;
const steps = [];

function call(method, ...args) {
  if (steps.at(-1) !== method) steps.push(method);
  return new Promise((resolve, reject) => {
    client[method](...args, (error, response) => (error ? reject(error) : resolve(response)));
  });
}
function same(found, wanted) {
  if (JSON.stringify(found) !== JSON.stringify(wanted)) {
    throw new Error(`${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`);
  }
}
async function accepted(method, ...args) {
  const response = await call(method, ...args);
  same([method, response.statusCode], [method, 202]);
  for (;;) {
    const status = (await call('getOperationStatus', response.headers['x-ms-request-id'])).body;
    if (status.Status === 'Succeeded') return;
    if (status.Status !== 'InProgress') throw new Error(JSON.stringify(status.Error));
  }
}
async function refused(code, text, method, ...args) {
  try {
    await call(method, ...args);
  } catch (error) {
    if (error.code !== code || !error.message.includes(text)) {
      throw new Error(`${method}: ${error.code} ${error.message}`);
    }
    return;
  }
  throw new Error(`${method} was not refused`);
}
async function instance(role) {
  // The client gives lists as arrays, and leaves an empty one as it was.
  const list = (await call('getDeployment', 'oldsvc', 'olddep')).body.RoleInstanceList;
  return [list].flat().find((each) => each?.RoleName === role) ?? {};
}
async function until(role, status) {
  for (let tries = 0; tries < 2000; tries += 1) {
    if ((await instance(role)).InstanceStatus === status) return;
  }
  throw new Error(`${role} never became ${status}`);
}
function role(name, port) {
  return {
    RoleName: name,
    RoleSize: 'Medium',
    OSVirtualHardDisk: {
      SourceImageName: info.image,
      MediaLink: `http://oldaccount.blob.core.windows.net/vhds/${name}.vhd`,
    },
    ConfigurationSets: [
      {
        ConfigurationSetType: 'LinuxProvisioningConfiguration',
        HostName: name, UserName: 'azureuser', UserPassword: 'Password-1', DisableSshPasswordAuthentication: false,
      },
      {
        ConfigurationSetType: 'NetworkConfiguration',
        InputEndpoints: [{ Name: 'ssh', Protocol: 'tcp', Port: port, LocalPort: 22 }],
      },
    ],
  };
}

async function life() {
  const locations = (await call('listLocations')).body;
  same(locations.some((each) => each.Name === 'West US'), true);
  same((await call('getSubscription')).body.SubscriptionStatus, 'Active');
  same((await call('listOSImage')).body.some((each) => each.Name === info.image), true);
  same((await call('getOSImage', info.image)).body.OS, 'Linux');
  await accepted('createStorageAccount', 'oldaccount', { Location: 'West US' });
  same((await call('getStorageAccountKeys', 'oldaccount')).body.StorageServiceKeys.Primary.length, 88);
  await call('regenerateStorageAccountKeys', 'oldaccount', 'Primary');
  await call('updateStorageAccount', 'oldaccount', { Label: 'changed' });
  await call('getStorageAccountProperties', 'oldaccount');
  await call('listStorageAccounts');
  await call('createAffinityGroup', 'oldgroup', { Location: 'West US' });
  await call('getAffinityGroup', 'oldgroup');
  await call('listAffinityGroups');
  await call('deleteAffinityGroup', 'oldgroup');

  same((await call('createHostedService', 'oldsvc', { Location: 'West US' })).statusCode, 201);
  same((await call('getHostedService', 'oldsvc')).body.ServiceName, 'oldsvc');
  await call('getHostedServiceProperties', 'oldsvc');
  same((await call('listHostedServices')).body.length, 1);
  await accepted('addCertificate', 'oldsvc', certificate, 'cer', '');
  await call('listCertificates', 'oldsvc');

  await accepted('createDeployment', 'oldsvc', 'olddep', role('one', 22), { DeploymentSlot: 'Production' });
  await until('one', 'ReadyRole');
  const deployment = (await call('getDeploymentBySlot', 'oldsvc', 'Production')).body;
  same(deployment.Status, 'Running');
  // This client encodes the label, which the service encodes again.
  same(Buffer.from(Buffer.from(deployment.Label, 'base64').toString(), 'base64').toString(), 'olddep');
  await accepted('addRole', 'oldsvc', 'olddep', role('two', 2222));
  await until('two', 'ReadyRole');
  const found = (await call('getRole', 'oldsvc', 'olddep', 'one')).body;
  same(found.RoleSize, 'Medium');
  const changed = role('one', 22);
  changed.ConfigurationSets = [changed.ConfigurationSets[1]];
  changed.ConfigurationSets[0].InputEndpoints.push({ Name: 'web', Protocol: 'tcp', Port: 80, LocalPort: 8080 });
  await accepted('modifyRole', 'oldsvc', 'olddep', 'one', changed);
  same((await instance('one')).InstanceEndpoints.length, 2);

  await accepted('addDataDisk', 'oldsvc', 'olddep', 'one', {
    Lun: 1, LogicalDiskSizeInGB: 10, DiskLabel: 'data', HostCaching: 'ReadOnly',
    MediaLink: 'http://oldaccount.blob.core.windows.net/vhds/data.vhd',
  });
  const disk = (await call('getRole', 'oldsvc', 'olddep', 'one')).body.DataVirtualHardDisks[0];
  await accepted('modifyDataDisk', 'oldsvc', 'olddep', 'one', 1, {
    Lun: 1, HostCaching: 'ReadWrite', DiskName: disk.DiskName,
  });
  await accepted('removeDataDisk', 'oldsvc', 'olddep', 'one', 1);
  await call('getDisk', disk.DiskName);
  same((await call('listDisks')).body.length, 3);
  await call('deleteDisk', disk.DiskName);
  await call('addDisk', 'olddisk', 'http://oldaccount.blob.core.windows.net/vhds/other.vhd', { OS: 'Linux' });
  await call('deleteDisk', 'olddisk');

  await accepted('restartRole', 'oldsvc', 'olddep', 'two');
  await until('two', 'ReadyRole');
  await accepted('shutdownRole', 'oldsvc', 'olddep', 'two', true);
  await until('two', 'StoppedDeallocated');
  await accepted('startRole', 'oldsvc', 'olddep', 'two');
  await until('two', 'ReadyRole');
  await accepted('shutdownRole', 'oldsvc', 'olddep', 'two', false);
  await until('two', 'StoppedVM');
  await accepted('captureRole', 'oldsvc', 'olddep', 'two', {
    PostCaptureAction: 'Delete', TargetImageLabel: 'captured', TargetImageName: 'oldimage',
  });
  same((await call('getOSImage', 'oldimage')).body.Category, 'User');
  await call('deleteOSImage', 'oldimage');
  await call('createOSImage', 'Linux', 'ownimage', 'http://oldaccount.blob.core.windows.net/vhds/own.vhd');
  await call('deleteOSImage', 'ownimage');
  await call('listVirtualNetworkSites');

  await refused('ResourceNotFound', 'does not exist', 'getHostedService', 'absent');
  await refused('ResourceNotFound', 'No deployments were found.', 'getDeploymentBySlot', 'oldsvc', 'Staging');
  await refused('ConflictError', 'already taken', 'createHostedService', 'oldsvc', { Location: 'West US' });
  await refused('BadRequest', 'name is invalid', 'createHostedService', 'not_a_name', { Location: 'West US' });
  await refused('ConflictError', 'slot Production is occupied',
    'createDeployment', 'oldsvc', 'other', role('x', 2), { DeploymentSlot: 'Production' });
  await refused('BadRequest', 'only role present', 'deleteRole', 'oldsvc', 'olddep', 'one');

  await accepted('addRole', 'oldsvc', 'olddep', role('three', 2223));
  await accepted('deleteRole', 'oldsvc', 'olddep', 'three');
  await accepted('deleteDeployment', 'oldsvc', 'olddep');
  await call('deleteHostedService', 'oldsvc');
}

life().then(
  () => console.log(JSON.stringify({ steps, error: null })),
  (error) => console.log(JSON.stringify({ steps, error: `${steps.at(-1)}: ${error.stack || JSON.stringify(error)}` })),
);
